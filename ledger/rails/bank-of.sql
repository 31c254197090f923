-- execute: quittance_api, quittance_worker, quittance_reader

-- The bank that holds an account, as `bankOf` in domain/destination.ts says it; a test compares the
-- two. Null for no account.
create or replace function ledger.bank_of(p_account jsonb) returns text
language sql immutable
return case p_account ->> 'scheme'
  when 'us_account' then p_account ->> 'routingNumber'
end;
