-- execute: quittance_api, quittance_worker, quittance_reader

-- Stable and not immutable, as `to_char` is: only so does Postgres put it inline.
create or replace function ledger.rfc3339(p_at timestamptz) returns text
language sql stable parallel safe
return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
