-- execute: nobody

-- Tenants with statements that may be taken now and that no month's run makes: at most so many,
-- those that wait for the longest first, found one after the other along the index, so that a
-- tenant with many costs as much as one with few.
create or replace function ledger.statement_queues(p_limit int, p_now timestamptz) returns uuid[]
language sql stable set search_path = ledger, pg_temp as $$
  with recursive queue as (
    (
      select first.tenant_id
      from statement first
      where first.status = 'cut' and (first.kind <> 'monthly' or first.edition > 1)
      order by first.tenant_id
      limit 1
    )
    union all
    select (
      select following.tenant_id
      from statement following
      where following.status = 'cut' and (following.kind <> 'monthly' or following.edition > 1)
        and following.tenant_id > queue.tenant_id
      order by following.tenant_id
      limit 1
    )
    from queue
    where queue.tenant_id is not null
  )
  select array(
    select queue.tenant_id
    from (select * from queue limit 5000) queue
    cross join lateral (
      select due.due_at
      from statement due
      where due.status = 'cut' and (due.kind <> 'monthly' or due.edition > 1)
        and due.tenant_id = queue.tenant_id
      order by due.due_at
      limit 1
    ) first
    where first.due_at <= p_now
    order by first.due_at, queue.tenant_id
    limit p_limit
  )
$$;
