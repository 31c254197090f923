-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/commit-time.sql
-- needs: ledger/commit/write-effects.sql, ledger/transfers/reserve/accounts-named.sql
-- needs: ledger/transfers/reserve/candidates.sql, ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/reserve/decide.sql, ledger/transfers/reserve/effects.sql
-- needs: ledger/transfers/reserve/outcomes.sql, ledger/transfers/reserve/take-keys.sql
-- needs: ledger/transfers/reserve/write.sql

-- Declines, or reserves (a book transfer is posted), a batch of transfers: the first commit of
-- every transfer. Two commands with one key must not share a batch. Lock order: keys, accounts,
-- each sorted. Returns {outcomes, balances, endpoints}; outcomes in the order of the commands,
-- with result
--   decided       this commit, or an earlier one for the same id, decided it; `event` is its first
--   replayed      the key belongs to another transfer with the same fingerprint; `event`: its first
--   key_reused    the key belongs to another request; `conflict`, what that one made (made_under)
--   too_old       the id was made more than five minutes ago, or lies ahead; nothing is stored
--   rail_unknown  no worker has made the row of this network yet; nothing is stored
create or replace function ledger.reserve(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_called_at constant timestamptz := clock_timestamp();
  v_commands reserve_command[];
  v_new reserve_command[];
  v_accounts locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
  v_reservations reservation[];
  v_effects jsonb := '{"balances": [], "endpoints": []}'::jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command from jsonb_populate_recordset(null::reserve_command, p_commands) command
  );
  v_new := commands_with(v_commands, take_keys(v_commands, v_called_at));
  if cardinality(v_new) > 0 then
    v_accounts := lock_accounts(accounts_named_by(v_new));
    v_at := commit_time(v_accounts, null);
    v_now := date_trunc('milliseconds', clock_timestamp());
    v_reservations := decide_reservations(candidates_of(v_new), v_accounts, v_at, v_now);
    if cardinality(v_reservations) <> cardinality(v_new) then
      raise exception 'a transfer that has its key was not decided';
    end if;
    perform write_reservations(v_reservations, v_at);
    v_effects := write_effects(
      changes_of(v_reservations), legs_of(v_reservations), v_at, cardinality(v_commands)
    );
  end if;
  return v_effects || jsonb_build_object('outcomes', reserve_outcomes(v_commands));
end $$;
