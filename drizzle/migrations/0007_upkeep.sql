-- Locks: the two indexes are made under a lock that stops the writers of transfers, for as long as
-- the table is large. Before the first release it is small.
-- squawk-ignore-file require-concurrent-index-creation
-- Who is at work, when periodic work last finished, and what a person has seen. A program that
-- dies writes nothing, so the age of its row shows it.

-- When a piece of periodic work (`sweep`, `dispatch/instant`) last finished, and since when it has
-- done so without a gap: nothing is late because of a time in which nobody worked at all.
create table ledger.upkeep_run (
  name text primary key check (length(name) between 1 and 64),
  finished_at timestamptz not null,
  steady_since timestamptz not null
) with (fillfactor = 50);

-- When a worker of a task queue last said that it takes work.
create table ledger.worker_queue (
  name text primary key check (length(name) between 1 and 64),
  seen_at timestamptz not null
) with (fillfactor = 50);

-- When a person has seen why a transfer has attention: it is no longer an alarm, until it gets
-- attention again.
alter table ledger.transfer add column attention_acknowledged_at timestamptz;
create index transfer_new_attention on ledger.transfer (attention_reason, id)
  where attention_reason is not null and attention_acknowledged_at is null;
create index transfer_unanswered on ledger.transfer (rail, state_since)
  where state = 'unknown' and attention_reason is null;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['upkeep_run', 'worker_queue'] loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('grant select on ledger.%I to quittance_worker, quittance_reader', v_table);
  end loop;
end $$;
