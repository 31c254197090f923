-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/locks/holders.sql
-- needs: ledger/transfers/reserve/accounts-named.sql, ledger/transfers/reserve/command.sql

-- Which commands of `reserve` would wait for an account that another transaction has locked:
-- {command's id: holder}. A command whose key is taken needs no account and waits for none.
create or replace function ledger.blocked_reservations(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_commands reserve_command[];
  v_holders jsonb;
begin
  perform assert_read_committed();
  v_commands := array(
    select command
    from jsonb_populate_recordset(null::reserve_command, p_commands) command
    where not exists (
      select
      from idempotency_key owner
      where owner.tenant_id = command.tenant_id and owner.key = command.key
    )
  );
  v_holders := holders_of_accounts(accounts_named_by(v_commands));
  return (
    select coalesce(jsonb_object_agg(command.id, v_holders -> named.id::text), '{}')
    from unnest(v_commands) command
    cross join lateral unnest(accounts_named_by(array[command])) named (id)
    where v_holders ? named.id::text
  );
end $$;
