-- Locks: the constraint and the indexes are made under a lock that stops the writers of transfers,
-- for as long as that table is large. Before the first release it is small.
-- squawk-ignore-file require-concurrent-index-creation, require-concurrent-index-deletion
-- squawk-ignore-file constraint-missing-not-valid
-- A breaker for each bank, in front of the rail's: a bank that does not answer keeps nobody but
-- its own transfers waiting.

-- A bank of a rail that did not answer lately, with the answers of its window. `bad` counts what
-- the failures cost: a send without an answer is more than one. Of tenants, two are kept: those
-- that were seen, and those that failed.
create table ledger.bank_breaker (
  rail ledger.rail_name not null references ledger.rail,
  bank text not null check (length(bank) between 1 and 64),
  breaker text not null default 'closed' check (breaker in ('closed', 'open')),
  probe_at timestamptz,
  good int not null default 0 check (good >= 0),
  bad int not null default 0 check (bad >= 0),
  tenants text[] not null default '{}',
  bad_tenants text[] not null default '{}',
  window_started_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (rail, bank),
  check (breaker = 'closed' or probe_at is not null)
) with (fillfactor = 50);
alter table ledger.bank_breaker owner to quittance_owner;
grant select on ledger.bank_breaker to quittance_api, quittance_worker, quittance_reader;

-- Tenants that had an answer on the rail in its window; two are kept.
alter table ledger.rail add column tenants text[] not null default '{}';

alter table ledger.transfer
  drop constraint transfer_waiting_for_check,
  add constraint transfer_waiting_for_check
    check (waiting_for in ('date', 'rail', 'bank', 'worker', 'answer', 'person'));

-- A row that waits for its bank waits for no time and stands in no queue.
drop index ledger.transfer_time;
create index transfer_time on ledger.transfer (rail, next_at)
  where state = 'scheduled' and next_what not in ('send_in_turn', 'send_when_rail_recovers')
    and waiting_for not in ('person', 'bank');
-- The bank is that of ledger.bank_of: where it reads another scheme, this index is made again.
create index transfer_bank on ledger.transfer (
    rail,
    (case destination_bank ->> 'scheme'
      when 'us_account' then destination_bank ->> 'routingNumber'
    end),
    state_since,
    id
  )
  where state = 'scheduled' and waiting_for = 'bank';
create index transfer_bank_account on ledger.transfer (source_account_id, rail)
  where state = 'scheduled' and waiting_for = 'bank';
