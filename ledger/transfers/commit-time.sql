-- execute: nobody
-- needs: ledger/accounts/lock.sql

-- The time that a commit writes: to the millisecond, and never before the last change of an account or a transfer it touches, because a
-- step without money leaves its time in the story alone. Nothing is decided by
-- it: after a clock was set back it may lie ahead, for everybody who shares an account. What is due, leased or late is told by the clock.
create or replace function ledger.commit_time(p_seats ledger.seat[], p_transfers uuid[]) returns timestamptz language sql volatile set search_path = ledger, pg_temp as $$
  select greatest(date_trunc('milliseconds', clock_timestamp()), (select max(s.last_at) from unnest(p_seats) s),
    (select max(t.updated_at) from transfer t where t.id = any(p_transfers)))
$$;
