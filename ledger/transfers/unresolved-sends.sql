-- execute: nobody

-- What the ledger knows of the sends of an attempt. A send is unresolved while nothing proves that
-- the rail never took it: it may still move money.
create type ledger.unresolved_sends as (
  -- How many sends were ever granted.
  granted int,
  unresolved int,
  -- Whether somebody may still be sending: a lease has not ended.
  is_live boolean,
  -- When the oldest unresolved one was granted.
  oldest timestamptz,
  last_granted timestamptz,
  last_lease timestamptz,
  -- Of the one whose outcome nobody has written yet; there is at most one, and it is the last.
  open_sender uuid,
  open_since timestamptz,
  open_until timestamptz,
  -- Whether the time of a grant lies ahead: the clock was wrong then, or is now.
  is_ahead boolean
);

-- One row. A grant whose time lay ahead counts as made when that was seen (`corrected_at`): its
-- lease ends as long after that as it lasted, and it may be as old as its attempt, or older than
-- anybody knows. Without a search path of its own, so that Postgres puts it inline.
create or replace function ledger.unresolved_sends(
  p_transfer uuid,
  p_attempt_n int,
  p_attempt_at timestamptz,
  p_now timestamptz
) returns setof ledger.unresolved_sends
language sql stable as $$
  select
    coalesce(max(send.n), 0)::int,
    (count(*) filter (where send.outcome is null or send.outcome = 'unknown'))::int,
    coalesce(bool_or(send.outcome is null and lease.until > p_now), false),
    min(case
      when send.corrected_at is null then send.granted_at
      when p_attempt_at <= send.corrected_at then p_attempt_at
      else '-infinity'
    end) filter (where send.outcome is null or send.outcome = 'unknown'),
    max(least(send.granted_at, send.corrected_at)),
    max(lease.until),
    (array_agg(send.sender) filter (where send.outcome is null))[1],
    max(send.granted_at) filter (where send.outcome is null),
    max(send.lease_until) filter (where send.outcome is null),
    coalesce(
      bool_or(least(send.granted_at, send.corrected_at) > p_now + interval '1 second'),
      false
    )
  from ledger.send
  cross join lateral (
    select coalesce(
      send.corrected_at + (send.lease_until - send.granted_at),
      send.lease_until
    ) as until
  ) lease
  where send.transfer_id = p_transfer and send.attempt_n = p_attempt_n
$$;

-- Grants of these transfers whose time lies ahead were made under a wrong clock: notes that they
-- were seen now. Nobody is granted another send before such a lease is over by this clock.
create or replace function ledger.correct_sends(p_transfers uuid[], p_now timestamptz)
returns void
language plpgsql as $$
begin
  update send set corrected_at = p_now
  where transfer_id = any (p_transfers) and least(granted_at, corrected_at) > p_now;
end $$;
