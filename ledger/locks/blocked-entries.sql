-- execute: quittance_api
-- needs: ledger/commit/batch.sql, ledger/entries/post-entries/command.sql
-- needs: ledger/entries/post-entries/legs.sql, ledger/locks/holders.sql

-- Which commands of `post_entries` would wait for an account that another transaction has locked:
-- {command's id: holder}. A command whose key is taken needs no account and waits for none.
create or replace function ledger.blocked_entries(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_legs entry_leg[];
  v_holders jsonb;
begin
  perform assert_read_committed();
  v_legs := legs_of_commands(array(
    select command
    from jsonb_populate_recordset(null::entry_command, p_commands) command
    where not exists (
      select
      from idempotency_key owner
      where owner.tenant_id = command.tenant_id and owner.key = command.key
    )
  ));
  v_holders := holders_of_accounts(accounts_of_legs(v_legs));
  return (
    select coalesce(jsonb_object_agg(leg.entry_id, v_holders -> named.id::text), '{}')
    from unnest(v_legs) leg
    cross join lateral (values (leg.debit_account_id), (leg.credit_account_id)) named (id)
    where v_holders ? named.id::text
  );
end $$;
