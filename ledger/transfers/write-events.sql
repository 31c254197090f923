-- execute: nobody
-- needs: ledger/ids.sql, ledger/rfc3339.sql

-- A step of a transfer through the state table.
create type ledger.step as (transfer_id uuid, tenant_id uuid, version int, from_state text, cause text, to_state text, evidence jsonb);

-- What happens next to a transfer, as its story tells it; null where nothing does.
create or replace function ledger.next_of(p_what text, p_at timestamptz, p_waiting_for text) returns jsonb language sql immutable
  return case when p_at is not null then jsonb_build_object('what', p_what, 'at', ledger.rfc3339(p_at), 'waiting_for', p_waiting_for) end;

-- Writes the events of steps, and one notice for every endpoint of their tenants. Returns the endpoints to wake.
create or replace function ledger.write_events(p_steps ledger.step[], p_at timestamptz, p_batch bigint) returns uuid[]
language plpgsql set search_path = ledger, pg_temp as $$
declare v_endpoints uuid[];
begin
  if coalesce(cardinality(p_steps), 0) = 0 then return '{}'; end if;
  with written as (
    insert into event (id, tenant_id, transfer_id, version, from_state, cause, to_state, evidence, batch_id, created_at)
      select uuid_v7(p_at), s.tenant_id, s.transfer_id, s.version, s.from_state, s.cause, s.to_state, s.evidence, p_batch, p_at from unnest(p_steps) s
      returning id, tenant_id, transfer_id, version
  ), due as (
    insert into notice_due (endpoint_id, event_id, tenant_id, transfer_id, version, next_at, event_at)
      select w.id, e.id, e.tenant_id, e.transfer_id, e.version, now(), p_at
      from written e join webhook_endpoint w on w.tenant_id = e.tenant_id and w.status = 'enabled'
      returning endpoint_id
  )
  select array_agg(distinct d.endpoint_id) into v_endpoints from due d;
  return coalesce(v_endpoints, '{}');
end $$;
