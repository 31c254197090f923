-- execute: nobody

-- Looks whether the next accounts of a month have their last posting of it, and all before it, on
-- statements that are ready; the status is statements_not_ready where one has not. An account of
-- the platform's has no statements, and what was posted before the plan's counts_from is on none.
create or replace function ledger.check_statements(
  the_month ledger.detached_month,
  p_rows int
) returns ledger.detached_month
language plpgsql stable set search_path = ledger, pg_temp as $$
declare
  v_missing int;
  v_seen int;
begin
  with page as materialized (
    select account_id, tenant_id, seq, posted_at
    from kept_balance
    where month = the_month.month
      and account_id > coalesce(the_month.after_id, '00000000-0000-0000-0000-000000000000')
    order by account_id
    limit p_rows
  )
  select
    count(*),
    count(*) filter (where account.kind in ('customer', 'funding') and (
      page.seq > coalesce(numbered.to_seq, 0)
        and not coalesce(
          account.created_at < plan.counts_from and page.posted_at < plan.counts_from, false)
      or exists (
        select
        from statement waiting
        where waiting.tenant_id = page.tenant_id
          and waiting.account_id = page.account_id
          and waiting.status = 'cut'
          and waiting.from_seq < page.seq
          and waiting.to_seq > waiting.from_seq))),
    (select page.account_id from page order by account_id desc limit 1)
  into v_seen, v_missing, the_month.after_id
  from page
  join account on account.id = page.account_id
  left join statement_plan plan on plan.tenant_id = page.tenant_id
  left join lateral (
    select last_one.to_seq
    from statement last_one
    where last_one.account_id = page.account_id and last_one.number is not null
    order by last_one.number desc
    limit 1
  ) numbered on true;
  if v_missing > 0 then
    the_month.status := 'statements_not_ready';
    return the_month;
  end if;
  if v_seen < p_rows then
    the_month.step := 'whole';
    the_month.after_id := null;
  end if;
  return the_month;
end $$;
