-- execute: nobody

-- A balance as it leaves the database. Every figure is text, because JSON numbers lose digits.
create or replace function ledger.reading(balance ledger.balance) returns jsonb
language sql stable
return jsonb_build_object(
  'account_id', balance.account_id,
  'posted', (balance.normal * (balance.credit_posted - balance.debit_posted))::text,
  'held', case balance.normal
    when 1 then balance.debit_held::text
    else balance.credit_held::text
  end,
  'seq', balance.seq::text,
  'version', balance.version::text
);
