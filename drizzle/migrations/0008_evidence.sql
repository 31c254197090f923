-- Locks: send, for a moment, to add columns that are empty; transfer, for as long as it is large,
-- to make an index (before the first release it is small); balance, for one scan of a row per
-- account, to widen a check. The table is new.
-- Every reference that a rail gives is kept, and what a rail claims against an outcome; and times
-- that a wrong clock wrote.
-- squawk-ignore-file require-concurrent-index-creation

alter table ledger.send add column rail_reference text;

-- What a rail said of an attempt against its outcome: that it took what was given back, that it
-- took the money once more under another reference, or that it refused what it had accepted. One
-- row for each thing said and each reference ('' where it gave none), however often it is repeated.
-- `entry_id`: the platform carries the amount until a person decides, where the rail says that it
-- took it.
create table ledger.contradiction (
  transfer_id uuid not null,
  attempt_n smallint not null,
  outcome text not null check (outcome in ('accepted', 'rejected')),
  rail_reference text not null,
  tenant_id uuid not null,
  rail ledger.rail_name not null,
  source text not null,
  send_n smallint,
  code text,
  entry_id uuid,
  created_at timestamptz not null,
  primary key (transfer_id, attempt_n, outcome, rail_reference),
  check (outcome = 'accepted' or entry_id is null)
);
alter table ledger.contradiction owner to quittance_owner;
grant select on ledger.contradiction to quittance_api, quittance_worker, quittance_reader;
alter table ledger.contradiction enable row level security;
create policy own_tenant on ledger.contradiction for select to quittance_api
  using (tenant_id = (select nullif(current_setting('quittance.tenant', true), '')::uuid));
create policy all_tenants on ledger.contradiction for select
  to quittance_worker, quittance_reader using (true);

-- `reserve` keeps every counter below 2^62. What a rail says that it took is posted above that too:
-- proof is never refused. The other half of a bigint is room for it.
alter table ledger.balance drop constraint counters_bounded;
-- A migration is one transaction, so a second step would not lock less.
-- squawk-ignore constraint-missing-not-valid
alter table ledger.balance add constraint counters_bounded check (
  kind in ('suspense', 'clearing')
  or debit_posted + debit_held <= 4611686018427387904
  and credit_posted + credit_held <= 4611686018427387904);

-- A grant whose time turned out to lie ahead, because the clock was wrong when it was made: when a
-- later clock saw it. From then on it counts as granted by that time (docs/adr/0028).
alter table ledger.send add column corrected_at timestamptz;

-- Rows whose time was put ahead by a clock, and not by a customer's date: looked at for times that
-- no clock can have meant.
create index transfer_again on ledger.transfer (rail, next_what, next_at)
  where state = 'scheduled' and next_what in ('send', 'send_again');
