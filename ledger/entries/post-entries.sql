-- execute: quittance_api
-- needs: ledger/accounts/lock.sql, ledger/commit/batch.sql, ledger/commit/commit-time.sql
-- needs: ledger/entries/post-entries/command.sql, ledger/entries/post-entries/decide.sql
-- needs: ledger/entries/post-entries/legs.sql, ledger/entries/post-entries/outcomes.sql
-- needs: ledger/entries/post-entries/take-keys.sql, ledger/entries/post-entries/write.sql
-- needs: ledger/periods/closed-until.sql

-- Posts a batch of entries that requests ask for, without a transfer, or refuses them. Two commands
-- with one key must not share a batch. Lock order: keys, accounts, each sorted. Returns {outcomes,
-- balances, endpoints}; outcomes in the order of the commands, with result
--   decided     this commit, or an earlier one for the same id, posted or refused it
--   replayed    the key belongs to another request with the same fingerprint, which was decided so
--   key_reused  the key belongs to another request; `conflict`, what that one made (made_under)
--   too_old     the id was made more than five minutes ago, or lies ahead; nothing is stored
--   not_found   the tenant has no entry of the id that is to be reversed; nothing is stored
--   archived    the entry to be reversed is in a month that is detached; nothing is stored
create or replace function ledger.post_entries(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_called_at constant timestamptz := clock_timestamp();
  v_commands entry_command[];
  v_new entry_command[];
  v_legs entry_leg[];
  v_accounts locked_account[];
  v_effects jsonb := '{"balances": [], "endpoints": []}'::jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command from jsonb_populate_recordset(null::entry_command, p_commands) command
  );
  v_new := take_entry_keys(v_commands, v_called_at);
  if cardinality(v_new) > 0 then
    v_legs := legs_of_commands(v_new);
    v_accounts := lock_accounts(accounts_of_legs(v_legs));
    -- After the accounts, so that it is held for the moment of a commit only.
    perform keep_periods(array(
      select command.tenant_id from unnest(v_new) command where command.effective_at is not null
    ));
    v_effects := write_decisions(
      decide_entries(v_new, v_legs, v_accounts), v_legs, commit_time(v_accounts, null)
    );
  end if;
  return v_effects || jsonb_build_object('outcomes', entry_outcomes(v_commands));
end $$;
