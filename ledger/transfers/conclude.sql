-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/change-states.sql
-- needs: ledger/commit/commit-time.sql, ledger/commit/lock-transfers.sql
-- needs: ledger/commit/settle-holds.sql, ledger/commit/state-change.sql
-- needs: ledger/commit/write-effects.sql, ledger/transfers/conclude/accounts-in-reach.sql
-- needs: ledger/transfers/conclude/changes.sql, ledger/transfers/conclude/close-sends.sql
-- needs: ledger/transfers/conclude/contradicting-legs.sql, ledger/transfers/conclude/outcomes.sql
-- needs: ledger/transfers/conclude/record-attempts.sql, ledger/transfers/conclude/report.sql

-- Takes reports in one commit, at most one for a transfer. The same report again changes nothing.
-- Lock order: transfers, accounts, each sorted. Returns
--   outcomes    in the order of the reports: {transfer_id, state, cause, next_at, next_what,
--               wait_ms, attention}; cause is null where the report changed no state
--   balances    readings of the accounts that changed
--   endpoints   webhook endpoints whose delivery should wake
--   attentions  {transfer_id, reason} of those that a person should look at from now on
create or replace function ledger.conclude(p_reports jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_reports report[];
  v_transfers uuid[];
  v_last_at timestamptz;
  v_accounts locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
  v_news report[];
  v_changes state_change[];
  v_effects jsonb;
begin
  perform assert_read_committed();
  v_reports := read_reports(p_reports);
  v_transfers := array(select report.transfer_id from unnest(v_reports) report);
  v_last_at := lock_transfers(v_transfers);
  v_accounts := lock_accounts(accounts_in_reach(v_transfers));
  v_at := commit_time(v_accounts, v_last_at);
  v_now := date_trunc('milliseconds', clock_timestamp());

  v_news := close_sends(v_reports, v_now);
  v_changes := changes_after(v_news, v_at, v_now);
  perform record_attempts(v_changes, v_at);
  perform count_inquiries(v_news);
  perform change_states(v_changes, v_at);
  v_effects := write_effects(
    v_changes,
    settle_holds(v_changes, v_at) || contradicting_legs(v_changes),
    v_at,
    cardinality(v_reports)
  );
  return v_effects || jsonb_build_object(
    'outcomes', conclude_outcomes(v_reports, v_changes, v_now),
    'attentions', new_attentions(v_changes)
  );
end $$;
