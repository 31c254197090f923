-- A ledger after years of work and a day's outage of a network and of two receivers: a million
-- closed transfers and a million open ones. Written in sets, by a superuser without triggers: no
-- row of it could be told from one that the verbs wrote by the statements that read it. What a
-- statement reads by key alone is there in part.
--
-- Who is who: tenant 1 has most of everything; its account 1 is hot, and busy. Tenant 2 is small
-- and quiet. Numbers become ids by size_id(kind, n); ids of one kind ascend with n, as those of
-- time do.

create function pg_temp.size_id(p_kind int, p_n bigint) returns uuid
language sql immutable
return (
  '01990000-' || lpad(to_hex(p_kind), 4, '0') || '-7000-8000-' || lpad(p_n::text, 12, '0')
)::uuid;

-- Tenants: every second row is of the first, the others are shared by two hundred.
create function pg_temp.size_tenant(p_n bigint) returns bigint
language sql immutable
return case when p_n % 2 = 0 then 1 else 3 + (p_n / 2) % 200 end;

insert into ledger.tenant (id, name)
select pg_temp.size_id(1, n), 'Tenant ' || n from generate_series(1, 202) n;

-- Tenant 1 has all the keys that a tenant may have, less one.
insert into ledger.api_key (id, tenant_id, name, hash, last4, scopes, created_at)
select
  pg_temp.size_id(2, n), pg_temp.size_id(1, pg_temp.size_tenant(n)), 'Key ' || n,
  sha256(n::text::bytea), 'last', '{}', now() - n * interval '1 minute'
from generate_series(1, 998) n;

-- Accounts: 100,000 customers; one reference has half of those of tenant 1. Those of the platform
-- follow.
insert into ledger.account
  (id, tenant_id, name, kind, currency, rail, reference, created_at, updated_at)
select
  pg_temp.size_id(3, n),
  pg_temp.size_id(1, case when n <= 2 then n else pg_temp.size_tenant(n) end),
  'Customer ' || n, 'customer', 'USD', null,
  case when n % 4 = 0 then 'payroll' when n % 3 = 0 then 'customer ' || n end,
  now() - interval '400 days' + n * interval '1 minute', now()
from generate_series(1, 100000) n
union all
select
  pg_temp.size_id(4, 10 * n + place), pg_temp.size_id(1, n), kind, kind, 'USD', rail,
  null, now() - interval '400 days', now()
from generate_series(1, 202) n
cross join (values (1, 'clearing', 'instant'), (2, 'suspense', null), (3, 'funding', null))
  own (place, kind, rail);

insert into ledger.balance (
  account_id, tenant_id, kind, currency, status, normal, floor, credit_posted, debit_posted,
  created_at)
select
  id, tenant_id, kind, currency,
  case
    when kind <> 'customer' then 'open'
    when n >= 98100 and n % 2 = 0 then 'closed'
    when n % 10000 = 8 then 'frozen'
    else 'open'
  end,
  case kind when 'funding' then -1 else 1 end,
  case kind when 'customer' then 0 end,
  1000000000,
  case when kind = 'customer' and n >= 98100 and n % 2 = 0 then 1000000000 else 0 end, created_at
from ledger.account
cross join lateral (select right(id::text, 12)::bigint) number (n);
insert into ledger.posted_total (tenant_id, currency, kind, debits, credits)
select tenant_id, currency, kind, sum(debit_posted), sum(credit_posted)
from ledger.balance
group by 1, 2, 3;


-- A million closed transfers, the newest last. Tenant 1 has 'rent' for a reference of more than
-- sixty thousand, none of them on the network. The hot account has declined ones that name it
-- twice.
insert into ledger.transfer (
  id, tenant_id, state, cause, version, amount, currency, rail, source_account_id,
  destination_account_id, destination_bank, idempotency_key, reference, refusal_code,
  attention_reason, attention_since, created_by_group, entry_id, state_since, created_at,
  updated_at, completed_at)
select
  pg_temp.size_id(5, n), pg_temp.size_id(1, tenant), state, cause, 2, 100, 'USD', rail,
  pg_temp.size_id(3, case tenant
    when 1 then case when n % 10 = 0 then 1 else 2 * (n % 49000) + 4 end
    else 400 * (n % 250) + 2 * tenant - 5 end),
  case rail when 'book' then
    pg_temp.size_id(3, case when n % 50 = 0 then 1 else 2 * (n % 40000) + 6 end) end,
  case rail when 'instant' then
    jsonb_build_object('scheme', 'us_account', 'routingNumber', lpad((n % 300)::text, 9, '0'),
      'accountNumber', '770000000', 'name', 'N') end,
  'closed ' || n,
  case when n % 10 = 0 and rail = 'book' then 'rent' when n % 100 = 1 then 'invoice ' || n end,
  case when state in ('declined', 'rejected', 'failed') then 'insufficient_funds' end,
  case when n % 200 = 0 then 'contradicted' end, case when n % 200 = 0 then at end,
  pg_temp.size_id(6, n / 100), case state when 'completed' then pg_temp.size_id(7, n) end,
  at, at, at, case state when 'completed' then at end
from (
  select
    n, pg_temp.size_tenant(n) as tenant,
    case when n % 25 = 0 then 'declined' when n % 27 = 0 then 'rejected'
      when n % 1009 = 0 then 'failed' else 'completed' end as state,
    case when n % 25 = 0 then 'refused' when n % 27 = 0 then 'rejected' when n % 1009 = 0
      then 'impossible' else 'book_posted' end as cause,
    case when n % 3 = 0 then 'instant' else 'book' end as rail,
    now() - interval '300 days' + n * interval '25 seconds' as at
  from generate_series(1::bigint, 1000000) n
) closed;

-- A million open ones on the network. By ten thousands:
--   1..30      in the queue, of the hot account
--   31..65     in the queue, of everybody
--   66..70     sent again after a pause that is not over
--   71..75     dated, for the coming ninety days, of one account that pays wages
--   76         dated, and the date came in the outage
--   77         dispatched by a worker that is gone
--   78..84     to be sent, late         85..88  sent, and the answer is late
--   89..99     unknown, the inquiry is late
--   100        waits for a person, as a bank took it a thousand times not
insert into ledger.transfer (
  id, tenant_id, state, cause, version, amount, currency, rail, source_account_id, destination_bank,
  idempotency_key, reference, execute_at, next_what, next_at, waiting_for, attention_reason,
  attention_since, created_by_group, carrier, state_since, created_at, updated_at)
select
  pg_temp.size_id(5, 2000000 + n), pg_temp.size_id(1, tenant),
  case when part <= 77 or part = 100 then 'scheduled' when part <= 88 then 'submitting'
    else 'unknown' end,
  case when part <= 77 then 'reserved_for_later' when part <= 88 then 'reserved'
    when part = 100 then 'not_taken' else 'no_answer' end,
  1, 100, 'USD', 'instant',
  pg_temp.size_id(3, case
    when part <= 30 then 1
    when part between 71 and 75 then 4
    when tenant = 1 then 2 * (n % 49000) + 6
    else 400 * (n % 250) + 2 * tenant - 5 end),
  jsonb_build_object('scheme', 'us_account', 'routingNumber', lpad((n % 300)::text, 9, '0'),
    'accountNumber', '770000000', 'name', 'N'),
  'open ' || n, case when n % 100 = 1 then 'bill ' || n end,
  case when part between 71 and 76 then at + interval '80 days' end,
  case
    when part <= 65 then case when n % 3 = 0 then 'send_in_turn' else 'send_when_rail_recovers' end
    when part <= 70 then 'send_again'
    when part <= 76 then 'send_on_date'
    when part <= 84 then 'send'
    when part <= 88 then 'await_answer'
    when part <= 99 then 'inquire'
    else 'send_again'
  end,
  case
    when part between 66 and 70 then now() + interval '1 hour' + n * interval '1 millisecond'
    when part between 71 and 75 then now() + interval '1 day' + n * interval '1 second'
    when part = 100 then now() + interval '10 hours' + n * interval '1 millisecond'
    else at
  end,
  case
    when part <= 70 then 'rail' when part <= 76 then 'date' when part <= 88 then 'worker'
    when part <= 99 then 'answer' else 'person' end,
  case when part = 100 or n % 500 = 0 then 'not_taken_many_times' end,
  case when part = 100 or n % 500 = 0 then at end,
  pg_temp.size_id(6, 100000 + n / 100),
  case when part between 77 and 88 then pg_temp.size_id(6, 200000 + n / 500) end,
  at, at, at
from (
  select
    n, 1 + (n - 1) / 10000 as part,
    case when n <= 300000 then 1 else pg_temp.size_tenant(n) end as tenant,
    now() - interval '1 day' + n * interval '80 milliseconds' as at
  from generate_series(1::bigint, 1000000) n
) open;

-- One transfer of the hot account is on its way, so that nothing else of it is taken; and a few of
-- everybody, as many as workers send at once.
update ledger.transfer set
  state = 'submitting', cause = 'due', next_what = 'await_answer', waiting_for = 'worker',
  next_at = now() + interval '10 hours', carrier = pg_temp.size_id(6, 300000)
where id = pg_temp.size_id(5, 2000001);
update ledger.transfer set next_at = now() + interval '10 hours'
where id in (select pg_temp.size_id(5, 2860000 + n) from generate_series(1, 60) n);

-- Keys, first events, holds and attempts; sends of what was sent; postings of a tenth.
insert into ledger.idempotency_key (tenant_id, key, fingerprint, transfer_id, created_at)
select tenant_id, idempotency_key, sha256('x'), id, created_at
from ledger.transfer
where id >= pg_temp.size_id(5, 2000000) or right(id::text, 1) = '0';

insert into ledger.event (
  id, tenant_id, subject_type, subject_id, version, from_state, cause, to_state, batch_id,
  created_at)
select
  pg_temp.size_id(8, row_number() over ()), tenant_id, 'transfer', id, 1, null, 'reserved',
  'submitting', 1, created_at
from ledger.transfer
where id >= pg_temp.size_id(5, 2000000)
  and created_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';

insert into ledger.hold (
  transfer_id, tenant_id, account_id, counter_account_id, amount, currency, created_at)
select
  transfer.id, transfer.tenant_id, source_account_id, clearing.id, amount, transfer.currency,
  transfer.created_at
from ledger.transfer
join ledger.account clearing
  on clearing.tenant_id = transfer.tenant_id and clearing.kind = 'clearing'
where transfer.id >= pg_temp.size_id(5, 2000000);

-- Clients' holds: a hundred thousand captured ones, and as many open ones, of which sixty thousand
-- should have expired. Tenant 1 has every second one, and its hot account a tenth of those.
insert into ledger.client_hold (
  id, tenant_id, source_account_id, destination_account_id, currency, amount, captured_amount,
  captures, state, version, reference, expires_at, created_at, updated_at, closed_at)
select
  pg_temp.size_id(13, n), pg_temp.size_id(1, tenant),
  pg_temp.size_id(3, case tenant
    when 1 then case when n % 20 = 0 then 1 else 2 * (n % 40000) + 4 end
    else 400 * (n % 200) + 2 * tenant - 5 end),
  pg_temp.size_id(4, 10 * tenant + 3), 'USD', 100,
  case when n <= 100000 then 100 else 0 end, case when n <= 100000 then 1 else 0 end,
  case when n <= 100000 then 'captured' else 'open' end, case when n <= 100000 then 2 else 1 end,
  case when n % 4 = 0 then 'cart' when n % 3 = 0 then 'cart ' || n end,
  now() + case
    when n between 100001 and 160000 then interval '-1 hour'
    else interval '1 day'
  end,
  now() - interval '60 days' + n * interval '10 seconds', now(),
  case when n <= 100000 then now() end
from generate_series(1::bigint, 200000) n
cross join lateral (select pg_temp.size_tenant(n) as tenant) owner;
insert into ledger.hold_request (
  id, tenant_id, hold_id, act, entry_id, amount, captured_amount, hold_state, created_at)
select gen_random_uuid(), tenant_id, id, 'capture', gen_random_uuid(), 100, 100, 'captured', now()
from ledger.client_hold
where state = 'captured';

update ledger.balance set
  debit_held = coalesce(held.amount, 0)
from (
  select account_id, sum(amount)::bigint as amount
  from (
    select account_id, amount from ledger.hold where state = 'active'
    union all
    select source_account_id, amount from ledger.client_hold where state = 'open'
  ) part
  group by account_id
) held
where held.account_id = balance.account_id;
update ledger.balance set credit_held = held.amount
from (
  select account_id, sum(amount)::bigint as amount
  from (
    select counter_account_id as account_id, amount from ledger.hold where state = 'active'
    union all
    select destination_account_id, amount from ledger.client_hold where state = 'open'
  ) part
  group by account_id
) held
where held.account_id = balance.account_id;

insert into ledger.attempt (
  transfer_id, n, tenant_id, rail, rail_key, clearing_account_id, created_at)
select transfer_id, 1, tenant_id, 'instant', 'key ' || transfer_id, counter_account_id, created_at
from ledger.hold;

insert into ledger.send (
  transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until, outcome, answered_at)
select
  id, 1, 1, tenant_id, carrier, next_at - interval '15 seconds', next_at,
  case state when 'unknown' then 'unknown' end, case state when 'unknown' then next_at end
from (
  select id, tenant_id, coalesce(carrier, created_by_group) as carrier, state,
    case state when 'unknown' then state_since else next_at end as next_at
  from ledger.transfer
  where state = 'unknown' or state = 'submitting' and next_what = 'await_answer'
) sent;

insert into ledger.batch (created_at, commands, entries)
select now(), 100, 100 from generate_series(1, 50000);
insert into ledger.entry (id, tenant_id, transfer_id, effective_at, batch_id, created_at)
select pg_temp.size_id(7, n), pg_temp.size_id(1, 1), pg_temp.size_id(5, n), at, 1, at
from (
  select n, now() - n * interval '1 second' as at from generate_series(1::bigint, 100000) n
) entry
where at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
insert into ledger.posting (
  account_id, seq, id, tenant_id, entry_id, transfer_id, leg, side, currency, amount, signed,
  balance_after, effective_at, created_at)
select
  pg_temp.size_id(3, side.account), 200000 - n, pg_temp.size_id(9, 2 * n + side.account),
  entry.tenant_id, entry.id, entry.transfer_id, 1, side.name, 'USD', 100, 100, 100 * (200000 - n),
  at, at
from (
  select entry.*, row_number() over (order by created_at desc) as n, created_at as at
  from ledger.entry
) entry
cross join (values (1, 'credit'), (4, 'debit')) side (account, name);
