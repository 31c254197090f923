-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/ids.sql

-- Writes the event of each change that has a cause, and a due notice for every webhook endpoint of
-- its tenant. A notice is not due before an older one of its transfer, so that those which wait for
-- another never stand before those that may be sent. Returns the endpoints whose delivery should
-- wake.
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
  ), due as (
    insert into notice_due (
      endpoint_id, event_id, tenant_id, transfer_id, version, next_at, event_at
    )
    select
      endpoint.id,
      written.id,
      written.tenant_id,
      written.transfer_id,
      written.version,
      case
        when written.version = 1 then now()
        else greatest(now(), (
          select max(older.next_at)
          from notice_due older
          where older.endpoint_id = endpoint.id and older.transfer_id = written.transfer_id
        ))
      end,
      p_at
    from written
    join webhook_endpoint endpoint
      on endpoint.tenant_id = written.tenant_id and endpoint.status = 'enabled'
    returning endpoint_id
  )
  select array_agg(distinct endpoint_id) into v_endpoints from due;
  return coalesce(v_endpoints, '{}');
end $$;
