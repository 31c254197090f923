-- execute: quittance_worker

-- Endpoints with a notice overdue by more than the grace: their delivery must be woken. A disabled
-- one keeps its rows for when it is enabled again; nobody is woken for it.
create or replace function ledger.overdue_endpoints(p_grace_ms int, p_limit int) returns uuid[]
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(late.endpoint_id), '{}')
  from (
    select distinct notice.endpoint_id
    from notice_due notice
    join webhook_endpoint endpoint
      on endpoint.id = notice.endpoint_id and endpoint.status = 'enabled'
    where notice.next_at < clock_timestamp() - make_interval(secs => p_grace_ms / 1000.0)
      and not exists (
        select 1 from notice_due earlier
        where earlier.endpoint_id = notice.endpoint_id
          and earlier.transfer_id = notice.transfer_id
          and earlier.version < notice.version)
    limit least(p_limit, 500)) late
$$;
