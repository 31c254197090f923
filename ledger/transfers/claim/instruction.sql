-- execute: nobody
-- needs: ledger/rfc3339.sql

-- What a sender must know of an attempt to put it on the network.
create or replace function ledger.instruction(transfer ledger.transfer, attempt ledger.attempt)
returns jsonb
language sql stable
return jsonb_build_object(
  'rail_key', attempt.rail_key,
  'tenant_id', transfer.tenant_id,
  'amount', transfer.amount::text,
  'currency', transfer.currency,
  'destination', transfer.destination_bank,
  'created_at', ledger.rfc3339(attempt.created_at)
);
