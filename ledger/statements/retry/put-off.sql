-- execute: nobody

-- What was put off of a month, or (p_month null) of the queue beside: the longest due first, and
-- none that somebody else is taking. Each has an index of its own.
create or replace function ledger.statements_put_off(
  p_tenant uuid,
  p_month text,
  p_limit int
) returns uuid[]
language plpgsql as $$
begin
  if p_month is null then
    return array(
      select id
      from statement
      where status = 'cut' and lease is null and tries > 0 and (kind <> 'monthly' or edition > 1)
        and tenant_id = p_tenant
      order by due_at, id
      limit p_limit
      for no key update skip locked
    );
  end if;
  return array(
    select id
    from statement
    where status = 'cut' and lease is null and tries > 0 and kind = 'monthly'
      and tenant_id = p_tenant and month = p_month
    order by due_at, id
    limit p_limit
    for no key update skip locked
  );
end $$;
