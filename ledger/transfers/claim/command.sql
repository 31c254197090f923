-- execute: nobody

-- A request for one grant. `attempt_n`: so far a transfer has one. `sender` is random per
-- execution of an activity; `probe`: the send may go out while the breaker is open.
create type ledger.claim_command as (
  id uuid,
  attempt_n int,
  sender uuid,
  carrier uuid,
  probe boolean
);

-- What was decided about a command. `is_new`: the grant must be written; otherwise it is refused,
-- or the sender's own, asked for again.
create type ledger.claim_decision as (
  id uuid,
  tenant_id uuid,
  sender uuid,
  is_new boolean,
  attempt_n int,
  n int,
  granted_at timestamptz,
  lease_until timestamptz
);
