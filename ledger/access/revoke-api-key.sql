-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql

-- Revokes a key of a tenant; again is harmless. False when the tenant has no such key.
create or replace function ledger.revoke_api_key(p_id uuid, p_tenant uuid, p_actor text)
returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  old api_key;
begin
  select * into old from api_key where id = p_id and tenant_id = p_tenant for update;
  if not found then return false; end if;
  if old.revoked_at is not null then return true; end if;
  update api_key set revoked_at = v_at, version = version + 1 where id = p_id;
  perform write_change(
    p_actor, p_tenant, 'api_key.revoked', p_id::text,
    jsonb_build_object('revoked', false), jsonb_build_object('revoked', true));
  perform write_one_event(
    row(
      p_tenant, 'api_key', p_id, old.version + 1, 'active', 'revoked', 'revoked', '{}'
    )::new_event,
    v_at);
  return true;
end $$;
