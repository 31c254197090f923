-- execute: nobody

-- One transfer to be withdrawn, as JSON brings it; `id` is the transfer's. The key and its
-- fingerprint (hex) are null where the client sent none.
create type ledger.cancel_command as (
  id uuid,
  tenant_id uuid,
  key text,
  fingerprint text,
  actor text,
  reason text
);
