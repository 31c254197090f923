-- execute: nobody
-- needs: ledger/rfc3339.sql

-- Who may put an attempt on the network, and what its outcomes make of the transfer.

-- What a sender must know of an attempt to put it on the network.
create or replace function ledger.instruction(t ledger.transfer, a ledger.attempt) returns jsonb language sql stable
  return jsonb_build_object('rail_key', a.rail_key, 'tenant_id', t.tenant_id, 'amount', t.amount::text, 'currency', t.currency,
    'destination', t.destination_bank, 'created_at', ledger.rfc3339(a.created_at));
