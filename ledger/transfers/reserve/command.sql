-- execute: nobody

-- One transfer to be reserved, as JSON brings it. Amounts are minor units; the fingerprint is hex.
-- `reverses_id`: the transfer that it undoes (ledger.reverse).
create type ledger.reserve_command as (
  id uuid,
  tenant_id uuid,
  group_id uuid,
  key text,
  fingerprint text,
  amount bigint,
  currency text,
  rail text,
  source_account_id uuid,
  destination_account_id uuid,
  destination_bank jsonb,
  reference text,
  description text,
  execute_at timestamptz,
  metadata jsonb,
  traceparent text,
  reverses_id uuid
);
