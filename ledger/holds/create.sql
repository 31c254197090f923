-- execute: quittance_api
-- needs: ledger/accounts/lock.sql, ledger/accounts/own.sql, ledger/commit/batch.sql
-- needs: ledger/commit/commit-time.sql
-- needs: ledger/holds/create/command.sql, ledger/holds/create/decide.sql
-- needs: ledger/holds/create/outcomes.sql, ledger/holds/create/write.sql
-- needs: ledger/holds/take-keys.sql

-- Makes, or refuses, a batch of holds that clients ask for. Two commands with one key must not
-- share a batch. Lock order: keys, accounts, each sorted. Returns {outcomes, balances, endpoints};
-- outcomes in the order of the commands, with result
--   decided              this commit, or an earlier one for the same id, decided it; `refusal`
--                        where it was refused
--   replayed             the key belongs to an equal request, which was decided so
--   key_reused           the key belongs to another request; `conflict`, what that one made
--   too_old              the id was made more than five minutes ago, or lies ahead; nothing is
--                        stored
--   expiry_out_of_range  it should expire in the past, or too far ahead; nothing is stored
create or replace function ledger.create_holds(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_called_at constant timestamptz := clock_timestamp();
  v_commands hold_command[];
  v_new hold_command[];
  v_taken uuid[];
  v_accounts locked_account[];
  v_effects jsonb := '{"balances": [], "endpoints": []}'::jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command from jsonb_populate_recordset(null::hold_command, p_commands) command
  );
  v_taken := take_hold_keys(array(
    select row(command.id, command.tenant_id, command.key, command.fingerprint)::hold_key
    from unnest(v_commands) command
    where may_expire_at(command.expires_at, v_called_at)
  ), v_called_at);
  if cardinality(v_taken) > 0 then
    v_new := array(select command from unnest(v_commands) command where command.id = any (v_taken));
    v_accounts := lock_accounts((
      select own_accounts(array_agg(command.tenant_id), array_agg(named.id))
      from unnest(v_new) command
      cross join lateral (
        values (command.source_account_id), (command.destination_account_id)
      ) named (id)
    ));
    v_effects := write_new_holds(
      decide_new_holds(v_new, v_accounts), commit_time(v_accounts, null)
    );
  end if;
  return v_effects
    || jsonb_build_object('outcomes', new_hold_outcomes(v_commands, v_called_at));
end $$;
