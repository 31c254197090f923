-- execute: nobody
-- needs: ledger/commit/batch.sql, ledger/commit/new-event.sql, ledger/feed/event-type.sql
-- needs: ledger/ids.sql, ledger/notices/waits.sql

-- Writes events, and a due notice of each for every webhook endpoint of its tenant that takes its
-- type and is enabled, or whose notices are kept while it is not. An endpoint gets no notice about
-- itself but its tests, which no other gets. A notice is not due before an older one of its
-- subject, so that those which wait for another never stand before those that may be sent. Returns
-- the endpoints whose delivery should wake: not those that are disabled or paused. The batch is
-- that of the commit (new_batch), with the same time and at least so many commands.
create or replace function ledger.write_subject_events(
  p_events ledger.new_event[],
  p_at timestamptz,
  p_batch bigint
) returns uuid[]
language plpgsql as $$
declare
  v_endpoints uuid[];
begin
  with written as (
    insert into event (
      id, tenant_id, subject_type, subject_id, version, from_state, cause, to_state, evidence,
      batch_id, created_at
    )
    select
      uuid_v7(p_at),
      new.tenant_id,
      new.subject_type,
      new.subject_id,
      new.version,
      new.from_state,
      new.cause,
      new.to_state,
      coalesce(new.evidence, '{}'),
      p_batch,
      p_at
    from unnest(p_events) new
    returning id, tenant_id, subject_type, subject_id, version, cause, to_state
  ), target as (
    select
      written.*,
      endpoint.id as endpoint_id,
      endpoint.status = 'enabled' and pause_of(endpoint.paused_until, now()) is null as wakes
    from written
    join webhook_endpoint endpoint
      on endpoint.tenant_id = written.tenant_id
      and (endpoint.status = 'enabled' or endpoint.kept_until > now())
      and case
        when written.subject_type = 'webhook_endpoint' and written.cause = 'tested'
          then endpoint.id = written.subject_id
        else endpoint.id <> written.subject_id
          and (endpoint.event_types is null or endpoint.event_types && array[
            event_family(written.subject_type) || '.*',
            event_type(written.subject_type, written.cause, written.to_state)])
      end
  ), due as (
    insert into notice_due (
      endpoint_id, event_id, tenant_id, subject_type, subject_id, version, next_at, event_at
    )
    select
      target.endpoint_id,
      target.id,
      target.tenant_id,
      target.subject_type,
      target.subject_id,
      target.version,
      case
        when target.version = 1 then now()
        else greatest(now(), (
          select max(older.next_at)
          from notice_due older
          where older.endpoint_id = target.endpoint_id and older.subject_id = target.subject_id
        ))
      end,
      p_at
    from target
  )
  select array_agg(distinct endpoint_id) filter (where wakes) into v_endpoints from target;
  return coalesce(v_endpoints, '{}');
end $$;

-- The event of a commit that changes one thing and moves no money, in a batch of its own.
create or replace function ledger.write_one_event(
  p_event ledger.new_event,
  p_at timestamptz
) returns uuid[]
language plpgsql as $$
begin
  return write_subject_events(array[p_event], p_at, new_batch(p_at, 1, 0));
end $$;
