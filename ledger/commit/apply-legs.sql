-- execute: nobody
-- needs: ledger/commit/change-balances.sql, ledger/commit/leg-command.sql
-- needs: ledger/commit/write-postings.sql

-- Writes the entries, postings and counters of legs whose accounts the caller has locked. Returns
-- the new balances as readings.
create or replace function ledger.apply_legs(
  p_legs ledger.leg_command[],
  p_at timestamptz,
  p_batch bigint
) returns jsonb
language plpgsql as $$
begin
  if cardinality(p_legs) = 0 then
    return '[]'::jsonb;
  end if;
  perform write_entries(p_legs, p_at, p_batch);
  perform write_postings(p_legs, p_at, null);
  return change_balances(p_legs, p_at);
end $$;
