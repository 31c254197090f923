-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/ids.sql

-- Writes the event of each change that has a cause, and a due notice for every webhook endpoint of
-- its tenant that is enabled, or whose notices are kept while it is not. A notice is not due before
-- an older one of its transfer, so that those which wait for another never stand before those that
-- may be sent. Returns the endpoints whose delivery should wake: not those that are disabled or
-- paused.
create or replace function ledger.write_events(
  p_changes ledger.state_change[],
  p_at timestamptz,
  p_batch bigint
) returns uuid[]
language plpgsql as $$
declare
  v_endpoints uuid[];
begin
  with written as (
    insert into event (
      id, tenant_id, transfer_id, version, from_state, cause, to_state, evidence, batch_id,
      created_at
    )
    select
      uuid_v7(p_at),
      change.tenant_id,
      change.transfer_id,
      change.version,
      change.from_state,
      change.cause,
      change.to_state,
      evidence_of(change),
      p_batch,
      p_at
    from unnest(p_changes) change
    where change.cause is not null
    returning id, tenant_id, transfer_id, version
  ), target as (
    select
      written.*,
      endpoint.id as endpoint_id,
      endpoint.status = 'enabled' and coalesce(endpoint.paused_until, '-infinity') <= now() as wakes
    from written
    join webhook_endpoint endpoint
      on endpoint.tenant_id = written.tenant_id
      and (endpoint.status = 'enabled' or endpoint.kept_until > now())
  ), due as (
    insert into notice_due (
      endpoint_id, event_id, tenant_id, transfer_id, version, next_at, event_at
    )
    select
      target.endpoint_id,
      target.id,
      target.tenant_id,
      target.transfer_id,
      target.version,
      case
        when target.version = 1 then now()
        else greatest(now(), (
          select max(older.next_at)
          from notice_due older
          where older.endpoint_id = target.endpoint_id and older.transfer_id = target.transfer_id
        ))
      end,
      p_at
    from target
  )
  select array_agg(distinct endpoint_id) filter (where wakes) into v_endpoints from target;
  return coalesce(v_endpoints, '{}');
end $$;
