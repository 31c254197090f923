-- execute: quittance_worker

-- Endpoints with a notice overdue by more than the grace: their delivery must be woken. A disabled one keeps its rows, so that
-- enabling it again tells the rest; nobody is woken for it.
create or replace function ledger.overdue_endpoints(p_grace_ms int, p_limit int) returns uuid[]
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(x.endpoint_id), '{}') from (
    select distinct d.endpoint_id from notice_due d join webhook_endpoint w on w.id = d.endpoint_id and w.status = 'enabled'
    where d.next_at < clock_timestamp() - make_interval(secs => p_grace_ms / 1000.0)
      and not exists (select 1 from notice_due y where y.endpoint_id = d.endpoint_id and y.transfer_id = d.transfer_id and y.version < d.version)
    limit least(p_limit, 500)) x
$$;
