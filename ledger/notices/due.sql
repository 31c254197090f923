-- execute: quittance_worker
-- needs: ledger/rfc3339.sql

-- Notices of an endpoint that are due: of each transfer only the oldest that is left, so that its
-- events arrive in order. Returns
--   endpoint  {url, secret, status, tenant_id}; null when it was deleted
--   notices   [{event_id, transfer_id, version, tries, event_at}]
--   wait_ms   how long until the next is due; null when none is left
create or replace function ledger.due_notices(p_endpoint uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'endpoint', (
      select jsonb_build_object(
        'url', endpoint.url,
        'secret', endpoint.secret,
        'status', endpoint.status,
        'tenant_id', endpoint.tenant_id)
      from webhook_endpoint endpoint
      where endpoint.id = p_endpoint),
    'notices', coalesce((
      select jsonb_agg(jsonb_build_object(
        'event_id', due.event_id,
        'transfer_id', due.transfer_id,
        'version', due.version,
        'tries', due.tries,
        'event_at', rfc3339(due.event_at)) order by due.next_at)
      from (
        select notice.*
        from notice_due notice
        where notice.endpoint_id = p_endpoint
          and notice.next_at <= clock_timestamp()
          and not exists (
            select 1 from notice_due earlier
            where earlier.endpoint_id = notice.endpoint_id
              and earlier.transfer_id = notice.transfer_id
              and earlier.version < notice.version)
        order by notice.next_at
        limit least(p_limit, 500)) due), '[]'),
    'wait_ms', (
      select greatest(
        ceil(extract(epoch from notice.next_at - clock_timestamp()) * 1000)::bigint, 0)
      from notice_due notice
      where notice.endpoint_id = p_endpoint
        -- A row behind an older one of its transfer waits for that one, however late it is.
        and not exists (
          select 1 from notice_due earlier
          where earlier.endpoint_id = notice.endpoint_id
            and earlier.transfer_id = notice.transfer_id
            and earlier.version < notice.version)
      order by notice.next_at
      limit 1))
$$;
