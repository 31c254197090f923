-- Statements. It goes on where book.sql ends, on its connection.
--
-- Months of tenant 1: a hundred long closed ones; 2025-01, whose 20,000 statements are ready and
-- which is not closed; 2025-02, of which as many are to be made; 2025-03, which is cut now. Account
-- 1 has 4,000 older statements and as many on request, 950 closed accounts have their final one.
-- 2,000 on request are to be made, the first of which, of account 4, has all its postings. Others:
-- the tenants of every second account have 10,000 in 2025-01; tenant 2 has a plan and none. Plans:
-- of 20,000 tenants more, the months of every second of which are over.
-- Numbers of statements: those of their accounts in 2025-01, from 200,000 on in 2025-02, from
-- 400,000 on to be made on request, and from 500,000, 600,000 and 700,000 on of account 1, on
-- request, and final.

insert into ledger.tenant (id, name)
select pg_temp.size_id(1, n), 'Tenant ' || n from generate_series(203, 20202) n;
insert into ledger.statement_plan (
  tenant_id, brand, next_month, next_from_at, next_to_at, due_at, created_at, updated_at)
select
  tenant.id, '{"name": "Size", "address": [], "inquiry": "Size", "accent": "#1f2937"}', '2025-04',
  now() - interval '1 hour',
  case
    when number.n > 202 and number.n % 2 = 0 then now() - interval '30 minutes'
    else now() + interval '20 days'
  end,
  case
    when number.n > 202 and number.n % 2 = 0 then now() - interval '15 minutes'
    else now() + interval '20 days'
  end,
  now(), now()
from ledger.tenant
cross join lateral (select right(tenant.id::text, 12)::bigint) number (n);

insert into ledger.statement_month (
  tenant_id, month, from_at, to_at, zone, quiet, status, cut_after, cut_at, accounts, digest,
  opened_at, closed_at)
select
  pg_temp.size_id(1, 1), to_char(date '2016-08-01' + n * interval '1 month', 'YYYY-MM'),
  now() - interval '400 days' + n * interval '1 day',
  now() - interval '399 days' + n * interval '1 day', 'UTC', 'monthly', 'closed', '1'::xid8, now(),
  0, sha256('x'), now(), now()
from generate_series(0, 99) n
union all
select
  pg_temp.size_id(1, 1), month.name, now() - month.since, now() - month.until, 'UTC', 'monthly',
  month.status, '1'::xid8, case month.status when 'making' then now() end, month.accounts, null,
  now(), null
from (
  values
    ('2025-01', interval '90 days', interval '60 days', 'making', 20000),
    ('2025-02', interval '60 days', interval '30 days', 'making', 20000),
    ('2025-03', interval '30 days', interval '1 hour', 'cutting', 0)
) month (name, since, until, status, accounts);
update ledger.statement_plan set next_from_at = month.to_at
from ledger.statement_month month
where month.month = '2025-03' and month.tenant_id = statement_plan.tenant_id;
insert into ledger.statement_tally (tenant_id, month, ready, attention)
select pg_temp.size_id(1, 1), '2025-01', 2500, 0 from generate_series(1, 8)
union all
select pg_temp.size_id(1, 1), '2025-02', 0, 100;

-- The postings of the two accounts that have some, as far as they are there.
update ledger.balance set seq = posted.seq
from (select account_id, max(seq) as seq from ledger.posting group by account_id) posted
where posted.account_id = balance.account_id;

insert into ledger.statement (
  id, tenant_id, account_id, kind, number, month, day, sequence_of_day, from_at, to_at, zone,
  locale, account_name, currency, brand, keep_years, from_seq, to_seq, to_posted_at, opening,
  closing, held, summed_seq, summed_at, summed_balance, money_in, count_in, status, due_at, tries,
  attention_reason, document_sha256, renderer, created_at, ready_at)
select
  pg_temp.size_id(14, made.n), pg_temp.size_id(1, made.tenant), pg_temp.size_id(3, made.account),
  made.kind, made.number, made.month, made.day, made.place, made.from_at, made.to_at, 'UTC',
  'en-GB', 'Customer ' || made.account, 'USD', '{}', 7, 0, made.seq,
  case when made.seq > 0 then made.to_at end, 0, 100 * made.seq, 0, made.seq,
  case when made.seq > 0 then made.to_at end, 100 * made.seq, 100 * made.seq, made.seq, made.status,
  made.to_at, case when made.reason is null then 0 else 5 end, made.reason,
  case made.status when 'ready' then sha256('x') end, case made.status when 'ready' then 'size' end,
  made.to_at + made.n * interval '1 millisecond', case made.status when 'ready' then now() end
from (
  select
    n, case n when 1 then 1 else pg_temp.size_tenant(n) end as tenant, n as account,
    'monthly' as kind, case n when 1 then 4001 else 1 end as number, '2025-01' as month,
    null::date as day, null::int as place, now() - interval '90 days' as from_at,
    now() - interval '60 days' as to_at, 0 as seq, 'ready' as status, null as reason
  from generate_series(1, 40000) n
  where n % 2 = 0 and n > 2 or n <= 20000 and n % 2 = 1
  union all
  select
    200000 + n, 1, n, 'monthly', case n when 1 then 4002 else 2 end, '2025-02', null, null,
    now() - interval '60 days', now() - interval '30 days', 0, 'cut',
    case when n between 39800 and 39999 then 'size' end
  from generate_series(1, 40000) n
  where n % 2 = 0 and n > 2 or n = 1
  union all
  select
    400000 + n, 1, 4 + 2 * n, 'interim', null, null, current_date - 1, 1,
    now() - interval '30 days', now() - interval '1 day' + n * interval '1 second', 0, 'cut', null
  from generate_series(1, 1999) n
  union all
  select
    500000 + n, 1, 1, 'monthly', n, to_char(date '1600-01-01' + n * interval '1 month', 'YYYY-MM'),
    null, null, now() - interval '200 days', now() - interval '190 days', 0, 'ready', null
  from generate_series(1, 4000) n
  union all
  select
    600000 + n, 1, 1, 'interim', null, null, current_date - 2 - n / 10, 1 + n % 10,
    now() - interval '100 days', now() - interval '95 days' + n * interval '1 second', n, 'ready',
    null
  from generate_series(1, 4000) n
  union all
  select
    700000 + n, 1, n, 'final', 1, '2024-12', null, null, now() - interval '390 days',
    now() - interval '380 days', 0, 'ready', null
  from generate_series(98100, 100000) n
  where n % 2 = 0
) made;
insert into ledger.statement (
  id, tenant_id, account_id, kind, day, sequence_of_day, from_at, to_at, zone, locale, account_name,
  currency, brand, keep_years, from_seq, to_seq, from_posted_at, to_posted_at, opening, closing,
  held, summed_seq, summed_at, summed_balance, due_at, created_at)
select
  pg_temp.size_id(14, 400000), first.tenant_id, first.account_id, 'interim', current_date, 1,
  now() - interval '30 days', now(), 'UTC', 'en-GB', 'Customer 4', 'USD', '{}', 7, first.seq,
  last_one.seq, first.created_at, last_one.created_at, first.balance_after, last_one.balance_after,
  0, first.seq, first.created_at, first.balance_after, now() - interval '2 days', now()
from (
  select *
  from ledger.posting where account_id = pg_temp.size_id(3, 4) order by created_at, seq limit 1
) first
cross join (
  select * from ledger.posting
  where account_id = pg_temp.size_id(3, 4)
  order by created_at desc, seq desc
  limit 1
) last_one;

insert into ledger.statement_object (
  statement_id, format, part, tenant_id, key, version_id, sha256, bytes, mode, retain_until,
  created_at)
select
  statement.id, format.name, 0, statement.tenant_id, 'size/' || statement.id || '.' || format.name,
  'v1', sha256('x'), 1000, 'compliance', now() + interval '7 years', now()
from ledger.statement
cross join (values ('json'), ('pdf')) format (name)
where statement.status = 'ready' and statement.month = '2025-01';
