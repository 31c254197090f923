-- execute: nobody

-- What is to be done with a hold: `act` is capture, release or expire. A capture without an amount
-- is of all that is left; a final one gives the rest back. `id` is the request's, and null for an
-- expiry, which nobody asks for.
create type ledger.hold_act as (
  id uuid,
  tenant_id uuid,
  key text,
  fingerprint text,
  hold_id uuid,
  act text,
  amount bigint,
  is_final boolean,
  reason text
);
