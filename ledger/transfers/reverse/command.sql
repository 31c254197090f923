-- execute: nobody

-- One transfer to be undone, as JSON brings it. `id`: that of the transfer that undoes it; the
-- fingerprint is hex.
create type ledger.reverse_command as (
  id uuid,
  tenant_id uuid,
  reverses_id uuid,
  key text,
  fingerprint text,
  actor text,
  reason text,
  traceparent text
);
