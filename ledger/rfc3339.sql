-- execute: quittance_api, quittance_worker, quittance_reader

-- An instant as every JSON of ours has it: UTC, to the millisecond.
create or replace function ledger.rfc3339(p_at timestamptz) returns text
language sql immutable parallel safe
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
