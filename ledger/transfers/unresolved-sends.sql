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
  open_until timestamptz
);

-- One row. Without a search path of its own, so that Postgres puts it inline.
create or replace function ledger.unresolved_sends(
  p_transfer uuid,
  p_attempt_n int,
  p_now timestamptz
) returns setof ledger.unresolved_sends
language sql stable as $$
  select
    coalesce(max(send.n), 0)::int,
    (count(*) filter (where send.outcome is null or send.outcome = 'unknown'))::int,
    coalesce(bool_or(send.outcome is null and send.lease_until > p_now), false),
    min(send.granted_at) filter (where send.outcome is null or send.outcome = 'unknown'),
    max(send.granted_at),
    max(send.lease_until),
    (array_agg(send.sender) filter (where send.outcome is null))[1],
    max(send.granted_at) filter (where send.outcome is null),
    max(send.lease_until) filter (where send.outcome is null)
  from ledger.send
  where send.transfer_id = p_transfer and send.attempt_n = p_attempt_n
$$;
