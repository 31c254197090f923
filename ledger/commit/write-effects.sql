-- execute: nobody
-- needs: ledger/commit/apply-legs.sql, ledger/commit/batch.sql, ledger/commit/leg-command.sql
-- needs: ledger/commit/state-change.sql, ledger/commit/write-events.sql

-- Ends a commit: moves the money of the legs and writes the events of the changes, as one batch of
-- so many commands. Returns {balances, endpoints}; empty where nothing changed.
create or replace function ledger.write_effects(
  p_changes ledger.state_change[],
  p_legs ledger.leg_command[],
  p_at timestamptz,
  p_commands int
) returns jsonb
language plpgsql as $$
declare
  v_events int;
  v_entries int;
  v_batch bigint;
begin
  select count(change.cause)::int, count(change.entry_id)::int
  into v_events, v_entries
  from unnest(p_changes) change;
  if v_events = 0 then
    return '{"balances": [], "endpoints": []}'::jsonb;
  end if;
  v_batch := new_batch(p_at, p_commands, v_entries);
  return jsonb_build_object(
    'balances', apply_legs(p_legs, p_at, v_batch),
    'endpoints', write_events(p_changes, p_at, v_batch)
  );
end $$;
