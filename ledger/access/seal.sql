-- execute: quittance_api, quittance_worker

-- What the checksum in every API key is made with, in hex; that of cached balances is derived
-- from it. It never changes.
create or replace function ledger.api_key_seal() returns text
language sql stable security definer set search_path = ledger, pg_temp as $$
  select encode(seal, 'hex') from api_key_seal
$$;
