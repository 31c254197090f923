-- execute: quittance_worker
-- needs: ledger/notices/endpoints-waiting.sql, ledger/notices/first-of-subject.sql
-- needs: ledger/notices/waits.sql

-- Endpoints whose delivery must be woken: those that start over, and those with a notice overdue by
-- more than the grace. One that is disabled keeps its rows for when it is enabled again, and one
-- that is paused is not late. A look asks five hundred endpoints that have notices, each time
-- others, and of each about its first ten; those that start over are found among any number.
-- Times that a wrong clock wrote are corrected first.
create or replace function ledger.overdue_endpoints(p_grace_ms int, p_limit int) returns uuid[]
language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_late constant timestamptz := v_now - make_interval(secs => p_grace_ms / 1000.0);
  v_waiting constant uuid[] := endpoints_waiting();
begin
  perform correct_notices(v_waiting, v_now);
  return (
    select coalesce(array_agg(late.endpoint_id), '{}')
    from (
      select starting.id as endpoint_id
      from webhook_endpoint starting
      where starting.is_restarting and starting.status = 'enabled'
      union
      select waiting.endpoint_id
      from unnest(v_waiting) waiting (endpoint_id)
      join webhook_endpoint endpoint
        on endpoint.id = waiting.endpoint_id and endpoint.status = 'enabled'
        and pause_of(endpoint.paused_until, v_now) is null
      where exists (
        select
        from (
          select notice.*
          from notice_due notice
          where notice.endpoint_id = waiting.endpoint_id
          order by notice.endpoint_id, notice.next_at
          limit 10
        ) first
        where first.next_at < v_late
          and is_first_of_subject(first.endpoint_id, first.subject_id, first.version)
      )
      limit least(p_limit, 500)) late);
end $$;
