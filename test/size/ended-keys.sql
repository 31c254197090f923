-- Keys of the large tenant that ended: half revoked, half expired.
insert into ledger.api_key (
  id, tenant_id, name, hash, last4, scopes, created_at, expires_at, revoked_at
)
select
  gen_random_uuid(), pg_temp.size_id(1, 1), 'ended ' || n, sha256(('ended ' || n)::bytea), 'last',
  '{}',
  now() - interval '2 years', now() - interval '1 year' + n * interval '1 second',
  case when n % 2 = 0 then now() - interval '1 year' end
from generate_series(1, 200000) n;
