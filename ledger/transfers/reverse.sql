-- execute: quittance_api
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/change-states.sql
-- needs: ledger/commit/commit-time.sql, ledger/commit/lock-transfers.sql
-- needs: ledger/commit/state-change.sql, ledger/commit/write-effects.sql
-- needs: ledger/transfers/reserve/accounts-named.sql
-- needs: ledger/transfers/reserve/candidates.sql, ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/reserve/decide.sql, ledger/transfers/reserve/effects.sql
-- needs: ledger/transfers/reserve/take-keys.sql, ledger/transfers/reserve/write.sql
-- needs: ledger/transfers/reverse/changes.sql, ledger/transfers/reverse/command.sql
-- needs: ledger/transfers/reverse/outcomes.sql, ledger/transfers/reverse/requests.sql

-- Undoes completed transfers of the book, each by a new one the other way round: its entry and the
-- end of the one that it undoes are one commit. A reversal that is declined leaves the transfer
-- completed. At most one command for a transfer in a call. Lock order: transfers, keys, accounts,
-- each sorted. Returns {outcomes, balances, endpoints}; outcomes in the order of the commands, as
-- those of `reserve`, or with result
--   not_found         the tenant has no such transfer; the key is unused
--   not_reversible    it is not completed, not of the book, or itself a reversal; the same
--   already_reversed  `reversed_by_id` undid it; the same
create or replace function ledger.reverse(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_called_at constant timestamptz := clock_timestamp();
  v_commands reverse_command[];
  v_last_at timestamptz;
  v_requests reserve_command[];
  v_new reserve_command[];
  v_accounts locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
  v_reservations reservation[];
  v_reversed state_change[];
  v_effects jsonb := '{"balances": [], "endpoints": []}'::jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command from jsonb_populate_recordset(null::reverse_command, p_commands) command
  );
  -- Nobody locks the transfer of another tenant.
  v_last_at := lock_transfers(array(
    select transfer.id
    from unnest(v_commands) command
    join transfer on transfer.id = command.reverses_id and transfer.tenant_id = command.tenant_id
  ));
  v_requests := requests_to_reverse(v_commands);
  v_new := reversible_requests(v_requests);
  v_new := commands_with(v_new, take_keys(v_new, v_called_at));
  if cardinality(v_new) > 0 then
    v_accounts := lock_accounts(accounts_named_by(v_new));
    v_at := commit_time(v_accounts, v_last_at);
    v_now := date_trunc('milliseconds', clock_timestamp());
    v_reservations := decide_reservations(candidates_of(v_new), v_accounts, v_at, v_now);
    perform write_reservations(v_reservations, v_at);
    v_reversed := changes_of_reversed(v_commands, v_reservations);
    perform change_states(v_reversed, v_at);
    v_effects := write_effects(
      changes_of(v_reservations) || v_reversed,
      legs_of(v_reservations),
      v_at,
      -- Each reversal is also a change of the one that it undoes.
      cardinality(v_commands) + cardinality(v_reversed)
    );
  end if;
  return v_effects || jsonb_build_object('outcomes', reverse_outcomes(v_requests));
end $$;
