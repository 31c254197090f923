-- execute: quittance_api
-- needs: ledger/commit/batch.sql, ledger/holds/settle.sql, ledger/holds/settle/act.sql
-- needs: ledger/holds/settle/outcomes.sql, ledger/holds/settle/take.sql

-- Captures holds, all or parts of what is left: each capture is an entry from source to
-- destination. Two commands on one hold must not share a batch. Lock order: keys, holds, accounts,
-- each sorted. Returns {outcomes, balances, endpoints}; outcomes in the order of the
-- commands, with result
--   decided     this commit, or an earlier one for the same id, decided it; `refusal` where it
--               was refused
--   replayed    the key belongs to an equal request, which was decided so
--   key_reused  the key belongs to another request; `conflict`, what that one made
--   too_old     the id was made more than five minutes ago, or lies ahead; nothing is stored
--   not_found   the tenant has no such hold; nothing is stored
create or replace function ledger.capture_holds(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_acts hold_act[];
  v_effects jsonb;
begin
  perform assert_read_committed();
  v_acts := array(
    select row(
      command.id, command.tenant_id, command.key, command.fingerprint, command.hold_id, 'capture',
      command.amount, command.is_final, command.reason
    )::hold_act
    from jsonb_populate_recordset(null::hold_act, p_commands) command
  );
  v_effects := settle_client_holds(take_hold_acts(v_acts, clock_timestamp()));
  -- In a statement of its own, which sees what that one wrote.
  return v_effects || jsonb_build_object('outcomes', hold_outcomes(v_acts));
end $$;
