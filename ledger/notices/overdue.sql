-- execute: quittance_worker
-- needs: ledger/notices/endpoints-waiting.sql, ledger/notices/first-of-transfer.sql

-- Endpoints whose delivery must be woken: those that start over, and those with a notice overdue by
-- more than the grace. One that is disabled keeps its rows for when it is enabled again, and one
-- that is paused is not late. A look asks five hundred endpoints that have notices, each time
-- others, and of each about its first ten; those that start over are found among any number.
create or replace function ledger.overdue_endpoints(p_grace_ms int, p_limit int) returns uuid[]
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(late.endpoint_id), '{}')
  from (
    select starting.id as endpoint_id
    from webhook_endpoint starting
    where starting.is_restarting and starting.status = 'enabled'
    union
    select waiting.endpoint_id
    from unnest(endpoints_waiting()) waiting (endpoint_id)
    join webhook_endpoint endpoint
      on endpoint.id = waiting.endpoint_id and endpoint.status = 'enabled'
      and coalesce(endpoint.paused_until, '-infinity') <= clock_timestamp()
    where exists (
      select
      from (
        select notice.*
        from notice_due notice
        where notice.endpoint_id = waiting.endpoint_id
        order by notice.endpoint_id, notice.next_at
        limit 10
      ) first
      where first.next_at < clock_timestamp() - make_interval(secs => p_grace_ms / 1000.0)
        and is_first_of_transfer(first.endpoint_id, first.transfer_id, first.version)
    )
    limit least(p_limit, 500)) late
$$;
