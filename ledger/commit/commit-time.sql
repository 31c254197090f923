-- execute: nobody
-- needs: ledger/accounts/lock.sql

-- The time that a commit writes: to the millisecond, and never before the last change of an
-- account that it touches, nor of a transfer (p_last_at), on which a change without money is kept.
-- After a clock was set back it may lie ahead, for everybody who shares an account. Nothing is
-- decided by it: what is due, leased or late is compared with the clock
-- (docs/adr/0014-the-clock-decides-the-story-only-tells.md).
create or replace function ledger.commit_time(
  p_accounts ledger.locked_account[],
  p_last_at timestamptz
) returns timestamptz
language plpgsql as $$
begin
  return greatest(
    date_trunc('milliseconds', clock_timestamp()),
    p_last_at,
    (select max(account.last_at) from unnest(p_accounts) account)
  );
end $$;
