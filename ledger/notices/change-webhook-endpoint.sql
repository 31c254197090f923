-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql
-- needs: ledger/notices/endpoint-values.sql

-- Changes a webhook endpoint. Members of p_change: id, tenant_id, actor, and what is to change,
-- where a member that is absent or null leaves a field as it is: url, status, reason (why it is
-- disabled), version; a description that is null is removed, and event_types that are null mean
-- all. `version`: the one that it must still have. An endpoint that is enabled, or that gets
-- another address, starts over: why it was disabled, its pause, since when it fails and the tries
-- of what waits for it count no more. Of a disabled one the notices of 30 days are kept. Returns
-- ok, not_found or changed_since.
create or replace function ledger.change_webhook_endpoint(p_change jsonb) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_id uuid := (p_change ->> 'id')::uuid;
  v_tenant uuid := (p_change ->> 'tenant_id')::uuid;
  v_url text := p_change ->> 'url';
  v_status text := p_change ->> 'status';
  v_reason text := p_change ->> 'reason';
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  old webhook_endpoint;
  endpoint webhook_endpoint;
  v_restarts boolean;
  v_disables boolean;
begin
  select * into old from webhook_endpoint where id = v_id and tenant_id = v_tenant for update;
  if not found then return 'not_found'; end if;
  if old.version <> (p_change ->> 'version')::int then return 'changed_since'; end if;
  v_restarts := v_status = 'enabled' or v_url <> old.url;
  v_disables := v_status = 'disabled' and old.status = 'enabled';
  update webhook_endpoint set
    url = coalesce(v_url, url),
    description = case
      when p_change ? 'description' then p_change ->> 'description' else description
    end,
    event_types = case
      when p_change ? 'event_types'
        then (jsonb_populate_record(null::webhook_endpoint, p_change)).event_types
      else event_types
    end,
    status = coalesce(v_status, status),
    disabled_reason = case v_status
      when 'disabled' then case when v_disables then v_reason else disabled_reason end
      when 'enabled' then null
      else disabled_reason
    end,
    disabled_at = case
      when v_status = 'enabled' then null when v_disables then v_now else disabled_at
    end,
    kept_until = case
      when v_status = 'enabled' then null
      when v_disables then v_now + interval '30 days'
      else kept_until
    end,
    is_restarting = is_restarting or coalesce(v_restarts, false),
    failing_since = case when v_restarts then null else failing_since end,
    paused_until = case when v_restarts then null else paused_until end,
    pauses = case when v_restarts then 0 else pauses end,
    version = version + 1,
    updated_at = v_now
  where id = v_id
  returning * into endpoint;
  perform write_change(
    p_change ->> 'actor', v_tenant, 'webhook_endpoint.changed', v_id::text,
    endpoint_values(old), endpoint_values(endpoint));
  perform write_one_event(
    row(
      v_tenant,
      'webhook_endpoint',
      v_id,
      endpoint.version,
      old.status,
      case when endpoint.status = old.status then 'changed' else endpoint.status end,
      endpoint.status,
      jsonb_strip_nulls(jsonb_build_object('reason', case when v_disables then v_reason end))
    )::new_event,
    v_now);
  return 'ok';
end $$;
