-- Locks: none that matter; the two indexes hold open or marked transfers only, which are few.
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

-- A person has seen why a transfer has attention: it is no longer counted as new, until it gets
-- attention again.
create table ledger.acknowledgement (
  transfer_id uuid not null,
  reason text not null,
  tenant_id uuid not null,
  actor text not null,
  why text not null check (length(why) between 1 and 500),
  at timestamptz not null,
  primary key (transfer_id, reason)
);

create index transfer_attention_reason on ledger.transfer (attention_reason, id)
  where attention_reason is not null;
create index transfer_unanswered on ledger.transfer (rail, state_since)
  where state = 'unknown' and attention_reason is null;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['upkeep_run', 'worker_queue', 'acknowledgement'] loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('grant select on ledger.%I to quittance_worker, quittance_reader', v_table);
  end loop;
end $$;
