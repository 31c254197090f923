-- execute: quittance_worker
-- needs: ledger/rfc3339.sql

-- Notices of an endpoint that are due: of each transfer only the oldest that is left, so that its story is told in order.
-- Returns {endpoint: {url, secret, status, tenant_id}, notices: [{event_id, transfer_id, version, tries, event_at}], wait_ms}: how long until the next is due, null when none is left.
create or replace function ledger.due_notices(p_endpoint uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'endpoint', (select jsonb_build_object('url', w.url, 'secret', w.secret, 'status', w.status, 'tenant_id', w.tenant_id) from webhook_endpoint w where w.id = p_endpoint),
    'notices', coalesce((select jsonb_agg(jsonb_build_object('event_id', d.event_id, 'transfer_id', d.transfer_id, 'version', d.version, 'tries', d.tries,
        'event_at', rfc3339(d.event_at)) order by d.next_at)
      from (select x.* from notice_due x where x.endpoint_id = p_endpoint and x.next_at <= clock_timestamp()
        and not exists (select 1 from notice_due y where y.endpoint_id = x.endpoint_id and y.transfer_id = x.transfer_id and y.version < x.version)
        order by x.next_at limit least(p_limit, 500)) d), '[]'),
    'wait_ms', (select greatest(ceil(extract(epoch from x.next_at - clock_timestamp()) * 1000)::bigint, 0) from notice_due x where x.endpoint_id = p_endpoint
      -- A row behind an older one of its transfer waits for that one, however long ago it fell due.
      and not exists (select 1 from notice_due y where y.endpoint_id = x.endpoint_id and y.transfer_id = x.transfer_id and y.version < x.version)
      order by x.next_at limit 1))
$$;
