-- execute: nobody
-- needs: ledger/statements/tally.sql

-- The statements of a month's run, or of the queue beside (p_month null), that may be taken now:
-- the longest due first, and none that somebody else is taking.
create or replace function ledger.statements_to_make(
  p_tenant uuid,
  p_month text,
  p_now timestamptz,
  p_limit int
) returns uuid[]
language plpgsql as $$
begin
  if p_month is null then
    return array(
      select id
      from statement
      where status = 'cut' and (kind <> 'monthly' or edition > 1)
        and tenant_id = p_tenant and due_at <= p_now
      order by due_at, id
      limit p_limit
      for no key update skip locked
    );
  end if;
  return array(
    select id
    from statement
    where status = 'cut' and kind = 'monthly' and edition = 1
      and tenant_id = p_tenant and month = p_month and due_at <= p_now
    order by due_at, id
    limit p_limit
    for no key update skip locked
  );
end $$;

-- What is left of such a queue: a count that stops at 1,000, and when the first may be taken.
create type ledger.statements_left as (
  left_over int,
  due_at timestamptz
);

create or replace function ledger.statements_left_of(p_tenant uuid, p_month text)
returns ledger.statements_left
language plpgsql as $$
declare
  v_left ledger.statements_left;
begin
  if p_month is null then
    select count(*)::int, min(first.due_at) into v_left
    from (
      select due_at
      from statement
      where status = 'cut' and (kind <> 'monthly' or edition > 1) and tenant_id = p_tenant
      order by due_at, id
      limit 1000
    ) first;
  else
    select count(*)::int, min(first.due_at) into v_left
    from (
      select due_at
      from statement
      where status = 'cut' and kind = 'monthly' and edition = 1
        and tenant_id = p_tenant and month = p_month
      order by due_at, id
      limit 1000
    ) first;
  end if;
  return v_left;
end $$;

-- Gives back what a wrong clock put further ahead than anybody may: a day, or an hour for a lease.
create or replace function ledger.correct_due_statements(
  p_tenant uuid,
  p_month text,
  p_now timestamptz
) returns void
language plpgsql as $$
begin
  if p_month is null then
    update statement set due_at = p_now, lease = null
    where status = 'cut' and (kind <> 'monthly' or edition > 1)
      and tenant_id = p_tenant and due_at > p_now + interval '25 hours';
  else
    update statement set due_at = p_now, lease = null
    where status = 'cut' and kind = 'monthly' and edition = 1
      and tenant_id = p_tenant and month = p_month and due_at > p_now + interval '25 hours';
  end if;
end $$;

-- Puts a statement off, which the caller has locked. From the fifth time on a person should look,
-- and at once when no try will change anything.
create or replace function ledger.put_off(
  p_statement ledger.statement,
  p_reason text,
  p_in interval,
  p_is_hopeless boolean
) returns ledger.statement
language plpgsql as $$
declare
  after_it ledger.statement;
begin
  update statement set
    tries = tries + 1,
    due_at = clock_timestamp() + p_in,
    lease = null,
    attention_reason = case
      when p_is_hopeless or tries + 1 >= 5 then p_reason else attention_reason
    end
  where id = p_statement.id
  returning * into after_it;
  if p_statement.attention_reason is null and after_it.attention_reason is not null then
    perform tally_statements(after_it, 0, 1);
  end if;
  return after_it;
end $$;
