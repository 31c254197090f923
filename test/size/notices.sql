-- The webhook endpoints of the size book with what waits for them, and the log of deliveries. It
-- goes on where book.sql ends, on its connection.

-- Endpoints. 1: a dead receiver with 600,000 notices, two of each transfer. 2: disabled, with
-- 200,000. 3: deleted, with 200,000. 4: quiet. 5: 20,000 that are all later. The others have one
-- each.
insert into ledger.webhook_endpoint (id, tenant_id, url, secret, status, created_at, updated_at)
select
  pg_temp.size_id(10, n),
  pg_temp.size_id(1, case when n = 4 then 2 else pg_temp.size_tenant(2 * n + 1) end),
  'https://shop.example/' || n, 'whsec_x', case n when 2 then 'disabled' else 'enabled' end,
  now(), now()
from generate_series(1, 3000) n
where n <> 3;
update ledger.webhook_endpoint set tenant_id = pg_temp.size_id(1, 1)
where id in (pg_temp.size_id(10, 1), pg_temp.size_id(10, 2), pg_temp.size_id(10, 5));
insert into ledger.deleted_endpoint (endpoint_id, tenant_id, deleted_at)
values (pg_temp.size_id(10, 3), pg_temp.size_id(1, 1), now() - interval '2 days');
insert into ledger.notice_due (
  endpoint_id, event_id, tenant_id, subject_type, subject_id, version, tries, next_at, event_at)
select
  pg_temp.size_id(10, endpoint), pg_temp.size_id(8, n), pg_temp.size_id(1, 1), 'transfer',
  pg_temp.size_id(5, n / 2), 1 + n % 2, 3,
  case
    when endpoint = 5 then now() + interval '5 hours'
    when endpoint = 1 and n > 10000
      then now() + interval '5 hours' + n / 2 * interval '1 millisecond'
    else now() - interval '1 hour' + n / 2 * interval '1 millisecond'
  end,
  now()
from (values (1, 600000), (2, 200000), (3, 200000), (5, 20000)) pile (endpoint, size)
cross join lateral generate_series(2::bigint, size + 1) n
union all
select
  pg_temp.size_id(10, n), pg_temp.size_id(8, n), pg_temp.size_id(1, 1), 'transfer',
  pg_temp.size_id(5, n), 1, 0,
  now() - interval '1 hour', now()
from generate_series(6::bigint, 3000) n;

insert into ledger.delivery (
  id, endpoint_id, event_id, tenant_id, subject_type, subject_id, try, outcome, took_ms,
  created_at)
select
  pg_temp.size_id(11, n), pg_temp.size_id(10, 1), pg_temp.size_id(8, n / 3), pg_temp.size_id(1, 1),
  'transfer',
  pg_temp.size_id(5, n / 3), 1 + n % 3, case when n % 3 = 2 then 'given_up' else 'failed' end, 20,
  greatest(now() - n * interval '1 second', date_trunc('month', now(), 'UTC'))
from generate_series(1::bigint, 300000) n;
