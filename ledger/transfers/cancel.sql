-- execute: quittance_api
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/change-states.sql
-- needs: ledger/commit/commit-time.sql, ledger/commit/lock-transfers.sql
-- needs: ledger/commit/settle-holds.sql, ledger/commit/state-change.sql
-- needs: ledger/commit/write-effects.sql, ledger/transfers/cancel/changes.sql
-- needs: ledger/transfers/cancel/command.sql, ledger/transfers/cancel/keys.sql
-- needs: ledger/transfers/cancel/outcomes.sql

-- Withdraws scheduled transfers whose sends are all resolved, at most one command for a transfer in
-- a call: their holds are released. Lock order: transfers, keys, accounts, each sorted. Returns
-- {outcomes, balances, endpoints}; outcomes in the order of the commands: {id, result, state, at,
-- version}, with `at` and `version` of the event that cancelled it, and result
--   cancelled       now
--   replayed        it was cancelled before: the same answer
--   state_conflict  it is in another state, or a send of it is unresolved; the key is unused
--   not_found       the tenant has no such transfer; the key is unused
--   key_reused      the key belongs to another request; `conflict`, what that one made
--                   (made_under)
create or replace function ledger.cancel(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_commands cancel_command[];
  v_last_at timestamptz;
  v_taken uuid[];
  v_accounts locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
  v_changes state_change[];
  v_effects jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command from jsonb_populate_recordset(null::cancel_command, p_commands) command
  );
  -- Nobody locks the transfer of another tenant.
  v_last_at := lock_transfers(array(
    select transfer.id
    from unnest(v_commands) command
    join transfer on transfer.id = command.id and transfer.tenant_id = command.tenant_id
  ));
  v_now := date_trunc('milliseconds', clock_timestamp());
  v_taken := take_cancel_keys(v_commands, v_now);
  v_changes := changes_of_cancelling(v_commands, v_taken, v_now);
  v_accounts := lock_accounts(array(
    select account.id
    from unnest(v_changes) change
    join hold on hold.transfer_id = change.transfer_id
    cross join lateral (values (hold.account_id), (hold.counter_account_id)) account (id)
  ));
  v_at := commit_time(v_accounts, v_last_at);
  perform change_states(v_changes, v_at);
  v_effects := write_effects(
    v_changes, settle_holds(v_changes, v_at), v_at, cardinality(v_commands)
  );
  return v_effects || jsonb_build_object('outcomes', cancel_outcomes(v_commands, v_changes));
end $$;
