-- execute: nobody
-- needs: ledger/commit/apply-legs.sql, ledger/commit/batch.sql, ledger/commit/leg-command.sql
-- needs: ledger/commit/new-event.sql, ledger/commit/write-subject-events.sql

-- Ends a commit about holds: moves the money of the legs and writes the events, as one batch.
-- Returns {balances, endpoints}; empty where nothing changed.
create or replace function ledger.write_hold_effects(
  p_legs ledger.leg_command[],
  p_events ledger.new_event[],
  p_at timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_batch bigint;
begin
  if cardinality(p_events) = 0 then
    return '{"balances": [], "endpoints": []}'::jsonb;
  end if;
  v_batch := new_batch(p_at, cardinality(p_events), (
    select count(leg.entry_id)::int from unnest(p_legs) leg
  ));
  return jsonb_build_object(
    'balances', apply_legs(p_legs, p_at, v_batch),
    'endpoints', write_subject_events(p_events, p_at, v_batch)
  );
end $$;
