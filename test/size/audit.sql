-- The audit: tenant 1 has fifty thousand changes of one kind, and its ten oldest are of another.
insert into ledger.audit (id, tenant_id, actor, action, subject, detail, created_at)
select
  pg_temp.size_id(12, n), pg_temp.size_id(1, pg_temp.size_tenant(n)),
  case when n <= 20 then 'erik' else 'olga' end,
  case when n <= 20 then 'tenant.renamed' else 'account.changed' end,
  case when n <= 20 then 'y' else 'x' end, '{}',
  now() - interval '70 days' + n * interval '1 minute'
from generate_series(1::bigint, 100000) n;
