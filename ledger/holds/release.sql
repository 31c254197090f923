-- execute: quittance_api
-- needs: ledger/commit/batch.sql, ledger/holds/settle.sql, ledger/holds/settle/act.sql
-- needs: ledger/holds/settle/outcomes.sql, ledger/holds/settle/take.sql

-- Gives back what is left of holds. One that is released already stays as it is. A command may come
-- without a key. Batches, locks and answers are those of ledger.capture_holds.
create or replace function ledger.release_holds(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_acts hold_act[];
  v_effects jsonb;
begin
  perform assert_read_committed();
  v_acts := array(
    select row(
      command.id, command.tenant_id, command.key, command.fingerprint, command.hold_id, 'release',
      command.amount, command.is_final, command.reason
    )::hold_act
    from jsonb_populate_recordset(null::hold_act, p_commands) command
  );
  v_effects := settle_client_holds(take_hold_acts(v_acts, clock_timestamp()));
  -- In a statement of its own, which sees what that one wrote.
  return v_effects || jsonb_build_object('outcomes', hold_outcomes(v_acts));
end $$;
