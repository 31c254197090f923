-- execute: nobody

-- Waits until every transaction of this database that began to write before this moment has ended:
-- one of them may have the time of a month that is over. False: one has not, after a second.
create or replace function ledger.earlier_commits_ended() returns boolean
language plpgsql as $$
declare
  v_own constant xid8 := pg_current_xact_id();
begin
  for attempt in 1 .. 50 loop
    if not earlier_commit_runs(v_own) then return true; end if;
    perform pg_sleep(0.02);
  end loop;
  return false;
end $$;

-- Whether a transaction of this database with a smaller number has not ended. The horizon, which is
-- cheap to read, is that of all databases.
create or replace function ledger.earlier_commit_runs(p_own xid8) returns boolean
language sql volatile
return pg_snapshot_xmin(pg_current_snapshot()) < p_own and exists (
  select
  from pg_locks held
  left join pg_stat_activity backend on backend.pid = held.pid
  left join pg_prepared_xacts prepared on prepared.transaction = held.transactionid
  where held.locktype = 'transactionid' and held.mode = 'ExclusiveLock' and held.granted
    and age(held.transactionid) > age(p_own::xid)
    and coalesce(backend.datname, prepared.database, current_database()) = current_database()
);
