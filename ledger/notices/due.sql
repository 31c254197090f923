-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/notices/first-of-subject.sql, ledger/notices/waits.sql
-- needs: ledger/rfc3339.sql

-- Notices of an endpoint that are due: of each subject only the oldest that is left, so that its
-- events arrive in order. Returns
--   endpoint  {url, secret, old_secret, status, tenant_id, is_restarting, is_failing, was_down,
--             paused_ms}; null when it was deleted; the old secret is null unless it still signs
--   notices   [{event_id, subject_type, subject_id, version, tries, event_at}]
--   wait_ms   how long until the next is due; null when none is left
-- The order begins with the endpoint, so that no plan walks the notices of others.
create or replace function ledger.due_notices(p_endpoint uuid, p_limit int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select jsonb_build_object(
    'endpoint', (
      select jsonb_build_object(
        'url', endpoint.url,
        'secret', endpoint.secret,
        'old_secret', case
          when endpoint.old_secret_until > clock_timestamp() then endpoint.old_secret
        end,
        'status', endpoint.status,
        'tenant_id', endpoint.tenant_id,
        'is_restarting', endpoint.is_restarting,
        'is_failing', endpoint.pauses > 0 or endpoint.failing_since is not null,
        'was_down', endpoint.pauses > 0,
        'paused_ms', coalesce(
          milliseconds_until(pause_of(endpoint.paused_until, clock.now), clock.now), 0))
      from webhook_endpoint endpoint
      cross join (select clock_timestamp() as now) clock
      where endpoint.id = p_endpoint),
    'notices', coalesce((
      select jsonb_agg(jsonb_build_object(
        'event_id', due.event_id,
        'subject_type', due.subject_type,
        'subject_id', due.subject_id,
        'version', due.version,
        'tries', due.tries,
        'event_at', rfc3339(due.event_at)) order by due.next_at)
      from (
        select notice.*
        from notice_due notice
        where notice.endpoint_id = p_endpoint
          and notice.next_at <= (select clock_timestamp())
          and is_first_of_subject(notice.endpoint_id, notice.subject_id, notice.version)
        order by notice.endpoint_id, notice.next_at
        limit least(p_limit, 500)) due), '[]'),
    'wait_ms', (
      select milliseconds_until(notice.next_at, clock_timestamp())
      from notice_due notice
      where notice.endpoint_id = p_endpoint
        and is_first_of_subject(notice.endpoint_id, notice.subject_id, notice.version)
      order by notice.endpoint_id, notice.next_at
      limit 1))
$$;
