-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-subject-events.sql, ledger/ids.sql, ledger/rfc3339.sql

-- Publishes the newest checkpoint of the archive, once a day of UTC: an event, with its notices,
-- for every tenant that is not disabled, for at most p_tenants of them with a call, in the order
-- of their ids. Which checkpoint it is stands fixed with the first of them, so a later call, also
-- one of another day, goes on where the last commit was. A tenant that is made meanwhile may have
-- the next day's as its first. A day that lies ahead was published under a wrong clock and holds up
-- no other. Returns
--   {status: published, n, tenants, endpoints}   so many tenants now
--   {status: nothing}   that of this day is published, or no segment was finished since the last
--                       one, or another call is about to begin with it
create or replace function ledger.publish_checkpoint(p_tenants int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_limit constant int := least(p_tenants, 500);
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  publication archive_publication;
  the_segment archive_segment;
  v_tenants uuid[];
  v_events new_event[];
  v_endpoints uuid[] := '{}';
begin
  -- Its row is the lock: two that publish at once have one page after the other.
  select * into publication from archive_publication where finished_at is null for no key update;
  if not found then
    insert into archive_publication (day, n, begun_at)
    select (v_at at time zone 'UTC')::date, newest.n, v_at
    from archive_segment newest
    where newest.status = 'finished'
    order by newest.n desc
    limit 1
    on conflict do nothing
    returning * into publication;
    if not found then return '{"status": "nothing"}'::jsonb; end if;
  end if;
  v_at := date_trunc('milliseconds', clock_timestamp());
  select * into the_segment from archive_segment where n = publication.n;
  v_tenants := array(
    select tenant.id
    from tenant
    where tenant.disabled_at is null
      and tenant.id > coalesce(
        (
          select told.tenant_id
          from archive_publication_tenant told
          where told.day = publication.day
          order by told.tenant_id desc
          limit 1
        ),
        '00000000-0000-0000-0000-000000000000')
    order by tenant.id
    limit v_limit
  );
  with told as (
    insert into archive_publication_tenant (day, tenant_id, id)
    select publication.day, tenant_id, uuid_v7(v_at)
    from unnest(v_tenants) tenant_id
    returning tenant_id, id
  )
  select array_agg(
    row(
      told.tenant_id,
      'checkpoint',
      told.id,
      1,
      null,
      'published',
      'published',
      jsonb_build_object(
        'checkpoint', the_segment.checkpoint,
        'sha256', encode(sha256(convert_to(the_segment.checkpoint, 'UTF8')), 'hex'),
        'epoch', the_segment.epoch,
        'segment', the_segment.n,
        'tree_size', the_segment.tree_size,
        'signed_at', rfc3339(the_segment.finished_at))
    )::new_event)
  into v_events
  from told;
  if cardinality(v_tenants) > 0 then
    v_endpoints := write_subject_events(
      v_events, v_at, new_batch(v_at, cardinality(v_tenants), 0));
  end if;
  if cardinality(v_tenants) < v_limit then
    update archive_publication set finished_at = v_at where day = publication.day;
  end if;
  return jsonb_build_object(
    'status', 'published',
    'n', publication.n,
    'tenants', cardinality(v_tenants),
    'endpoints', to_jsonb(v_endpoints));
end $$;
