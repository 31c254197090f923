-- Locks: each index is made under a lock that stops the writers of its table, for as long as the
-- table is large. Before the first release the tables are small.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- What keeps its cost while the tables grow: an index whose predicate is the question, for each
-- look of a worker and each list of a tenant (docs/adr/0025).

-- A row in the queue may be sent as soon as its account is free and the rail takes it. The others
-- that are scheduled wait for a time, or for a person.
drop index ledger.transfer_queue;
drop index ledger.transfer_open;
drop index ledger.transfer_due;
drop index ledger.transfer_waiting;
create index transfer_queue on ledger.transfer (rail, id)
  where state = 'scheduled' and next_what in ('send_in_turn', 'send_when_rail_recovers');
create index transfer_queue_account on ledger.transfer (rail, source_account_id, id)
  where state = 'scheduled' and next_what in ('send_in_turn', 'send_when_rail_recovers');
-- The bank is that of ledger.bank_of: where it reads another scheme, this index is made again.
create index transfer_queue_bank on ledger.transfer (
    rail,
    tenant_id,
    (case destination_bank ->> 'scheme'
      when 'us_account' then destination_bank ->> 'routingNumber'
    end),
    state_since,
    id
  )
  where state = 'scheduled' and next_what in ('send_in_turn', 'send_when_rail_recovers');
create index transfer_time on ledger.transfer (rail, next_at)
  where state = 'scheduled' and next_what not in ('send_in_turn', 'send_when_rail_recovers')
    and waiting_for <> 'person';
create index transfer_person on ledger.transfer (rail, next_at)
  where state = 'scheduled' and waiting_for = 'person';

-- What the sweep looks for: a row that nobody sends, whose answer is late, or about which nobody
-- asks.
create index transfer_open on ledger.transfer (rail, state, next_what, next_at)
  where state in ('submitting', 'unknown');

-- What the later transfers of an account wait behind.
create index transfer_ahead on ledger.transfer (source_account_id, rail, next_what)
  where state = 'scheduled' and (waiting_for = 'rail' or carrier is not null)
    or state = 'submitting' and carrier <> created_by_group;

-- Where the last look went on among the accounts in the queue.
alter table ledger.rail add column turn_account_id uuid;

-- The lists of a tenant, each narrowed by one filter.
create index transfer_source
  on ledger.transfer (tenant_id, source_account_id, created_at desc, id desc)
  where source_account_id is not null;
create index transfer_destination
  on ledger.transfer (tenant_id, destination_account_id, created_at desc, id desc)
  where destination_account_id is not null;
create index transfer_reference
  on ledger.transfer (tenant_id, reference, created_at desc, id desc)
  where reference is not null;
create index transfer_state
  on ledger.transfer (tenant_id, rail, state, created_at desc, id desc);
drop index ledger.account_reference;
create index account_reference
  on ledger.account (tenant_id, reference, created_at desc, id desc)
  where reference is not null;
drop index ledger.api_key_tenant;
create index api_key_list on ledger.api_key (tenant_id, created_at desc, id desc);
-- Accounts by status, and the trial balance. When an account was made stands beside its status, in
-- the order of the list; programs of a release before this one do not write it.
alter table ledger.balance add column created_at timestamptz not null default now();
update ledger.balance set created_at = account.created_at
from ledger.account
where account.id = balance.account_id;
create index balance_list on ledger.balance (tenant_id, status, created_at desc, account_id desc);

-- Nothing reads these.
drop index ledger.hold_active;
drop index ledger.batch_xid;
drop index ledger.entry_list;
drop index ledger.event_list;
drop index ledger.posting_entry;
drop index ledger.notice_due_next;

-- Endpoints that were deleted, and whose notices the housekeeping still deletes.
create table ledger.deleted_endpoint (
  endpoint_id uuid primary key,
  tenant_id uuid not null,
  deleted_at timestamptz not null
);
alter table ledger.deleted_endpoint owner to quittance_owner;
alter table ledger.deleted_endpoint enable row level security;
create policy all_tenants on ledger.deleted_endpoint for select
  to quittance_worker, quittance_reader using (true);
grant select on ledger.deleted_endpoint to quittance_worker, quittance_reader;
