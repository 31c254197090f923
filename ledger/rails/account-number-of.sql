-- execute: quittance_api, quittance_worker, quittance_reader

-- What names an account at its bank, whatever its scheme calls it. Null for no account; a test asks
-- for every scheme.
create or replace function ledger.account_number_of(p_account jsonb) returns text
language sql immutable
return case p_account ->> 'scheme'
  when 'us_account' then p_account ->> 'accountNumber'
end;
