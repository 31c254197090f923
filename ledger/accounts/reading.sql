-- execute: nobody

-- A balance as it leaves the database: every figure text, because JSON numbers lose digits.
create or replace function ledger.reading(b ledger.balance) returns jsonb language sql immutable
  return jsonb_build_object('account_id', b.account_id, 'posted', (b.normal * (b.credit_posted - b.debit_posted))::text,
    'held', (case b.normal when 1 then b.debit_pending else b.credit_pending end)::text, 'seq', b.seq::text, 'version', b.version::text);
