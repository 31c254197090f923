-- execute: nobody
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql, ledger/rfc3339.sql

-- Lets a key end at an instant, unless it ends before that anyway. The cause is that of its event:
-- changed or rotated.
create or replace function ledger.end_one_api_key(
  old ledger.api_key,
  p_at timestamptz,
  p_cause text,
  p_actor text
) returns void
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if old.expires_at <= p_at then return; end if;
  update api_key set expires_at = p_at, version = version + 1 where id = old.id;
  perform write_change(
    p_actor, old.tenant_id, 'api_key.expiry_set', old.id::text,
    jsonb_build_object('expires_at', old.expires_at), jsonb_build_object('expires_at', p_at));
  perform write_one_event(
    row(
      old.tenant_id, 'api_key', old.id, old.version + 1, 'active', p_cause, 'active',
      jsonb_build_object('expires_at', rfc3339(p_at))
    )::new_event,
    date_trunc('milliseconds', clock_timestamp()));
end $$;
