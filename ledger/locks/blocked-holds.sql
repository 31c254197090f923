-- execute: quittance_api
-- needs: ledger/commit/batch.sql, ledger/locks/holders.sql

-- Which commands of `create_holds`, `capture_holds` and `release_holds` would wait for a hold or an
-- account that another transaction has locked: {command's id: holder}. Members of a command: id,
-- tenant_id, key, and hold_id or source_account_id and destination_account_id. A command whose key
-- is taken needs neither and waits for none.
create or replace function ledger.blocked_holds(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_needs jsonb;
  v_holders jsonb;
begin
  perform assert_read_committed();
  select coalesce(jsonb_agg(jsonb_build_object('id', command.id, 'needs', needs.id)), '[]')
  into v_needs
  from jsonb_to_recordset(p_commands) command (
    id uuid, tenant_id uuid, key text, hold_id uuid, source_account_id uuid,
    destination_account_id uuid
  )
  left join client_hold held on held.id = command.hold_id and held.tenant_id = command.tenant_id
  cross join lateral (
    values
      (command.hold_id),
      (coalesce(held.source_account_id, command.source_account_id)),
      (coalesce(held.destination_account_id, command.destination_account_id))
  ) needs (id)
  where needs.id is not null and not exists (
    select
    from idempotency_key owner
    where owner.tenant_id = command.tenant_id and owner.key = command.key
  );
  v_holders := holders_of_accounts(array(
    select distinct (need ->> 'needs')::uuid from jsonb_array_elements(v_needs) need
  )) || holders_of_holds(array(
    select distinct (need ->> 'needs')::uuid from jsonb_array_elements(v_needs) need
  ));
  return (
    select coalesce(jsonb_object_agg(need ->> 'id', v_holders -> (need ->> 'needs')), '{}')
    from jsonb_array_elements(v_needs) need
    where v_holders ? (need ->> 'needs')
  );
end $$;
