-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/change-states.sql
-- needs: ledger/commit/commit-time.sql, ledger/commit/lock-transfers.sql
-- needs: ledger/commit/settle-holds.sql, ledger/commit/state-change.sql
-- needs: ledger/commit/write-effects.sql, ledger/transfers/release/changes.sql
-- needs: ledger/transfers/release/outcomes.sql

-- First activity of a group that was dispatched: what is due goes on its way. The n-th carrier is
-- that of the n-th id; a row changes only where that carrier holds it, so the same call again
-- changes nothing and answers the same. Lock order: transfers, accounts, each sorted. Returns
-- {outcomes: [{id, state}], balances, endpoints}, outcomes in the order of the ids; state is
-- `elsewhere` where another carrier has the transfer.
create or replace function ledger.release_due(p_ids uuid[], p_carriers uuid[]) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_last_at timestamptz;
  v_accounts locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
  v_changes state_change[];
begin
  perform assert_read_committed();
  if cardinality(p_ids) <> cardinality(p_carriers) then
    raise exception 'each row comes with its carrier';
  end if;
  v_last_at := lock_transfers(p_ids);
  v_accounts := lock_accounts(array(
    select account.id
    from hold
    cross join lateral (values (hold.account_id), (hold.counter_account_id)) account (id)
    where hold.transfer_id = any (p_ids)
  ));
  v_at := commit_time(v_accounts, v_last_at);
  v_now := date_trunc('milliseconds', clock_timestamp());
  v_changes := changes_when_due(p_ids, p_carriers, v_at, v_now);
  perform change_states(v_changes, v_at);
  return write_effects(v_changes, settle_holds(v_changes, v_at), v_at, cardinality(p_ids))
    || jsonb_build_object('outcomes', release_outcomes(p_ids, p_carriers));
end $$;
