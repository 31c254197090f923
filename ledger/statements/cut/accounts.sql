-- execute: nobody
-- needs: ledger/ids.sql, ledger/statements/cut/start.sql

-- Accounts that were looked at, and how many of them got a statement. `last`: the last of them;
-- null where there are no more.
create type ledger.cut_page as (
  last uuid,
  seen int,
  cut int
);

-- Whether an account on which nothing was posted gets a statement for this month.
create or replace function ledger.covers_quiet_accounts(month ledger.statement_month)
returns boolean
language sql immutable
return case month.quiet
  when 'monthly' then true
  when 'quarterly' then right(month.month, 2)::int % 3 = 0
  else false
end;

-- Cuts the statements of a month for a page of accounts, in the order in which they were opened,
-- behind p_after: each ends with the last posting before the end of the month. An account has none
-- when its last statement reaches further, or nothing was posted and it is closed or the plan says
-- so. What is there already stays.
create or replace function ledger.cut_accounts(
  p_month ledger.statement_month,
  p_after uuid,
  p_limit int
) returns ledger.cut_page
language plpgsql as $$
declare
  v_at constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_with_quiet constant boolean := covers_quiet_accounts(p_month);
  v_after_at constant timestamptz :=
    coalesce((select created_at from account where id = p_after), '-infinity');
  v_after constant uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
  plan ledger.statement_plan;
  v_page ledger.cut_page;
begin
  select * into plan from statement_plan where tenant_id = p_month.tenant_id;
  with page as materialized (
    select id, name, reference, currency, created_at
    from account
    where tenant_id = p_month.tenant_id
      and created_at < p_month.to_at
      and (created_at, id) > (v_after_at, v_after)
      and kind in ('customer', 'funding')
    order by created_at, id
    limit p_limit
  ), cut as (
    insert into statement (
      id, tenant_id, account_id, kind, number, month, from_at, to_at, zone, locale,
      account_name, account_reference, currency, brand, keep_years, from_seq, to_seq,
      from_posted_at, to_posted_at, opening, closing, held, summed_seq, summed_at,
      summed_balance, due_at, created_at, cut_snapshot
    )
    select
      uuid_v7(v_at), p_month.tenant_id, page.id, 'monthly', start.number, p_month.month,
      start.from_at, p_month.to_at, p_month.zone, plan.locale, page.name, page.reference,
      page.currency, plan.brand, plan.keep_years, start.from_seq,
      coalesce(ending.seq, start.from_seq), start.from_posted_at,
      coalesce(ending.created_at, start.from_posted_at), start.opening,
      coalesce(ending.balance_after, start.opening),
      case balance.normal when 1 then balance.debit_held else balance.credit_held end,
      start.from_seq, start.from_posted_at, start.opening, v_at, v_at,
      pg_current_snapshot()
    from page
    join balance on balance.account_id = page.id
    cross join lateral statement_start_of(
      p_month.tenant_id, page.id, page.created_at, plan.counts_from) start
    left join lateral (
      select posting.seq, posting.created_at, posting.balance_after
      from posting
      where posting.account_id = page.id
        and balance.seq > start.from_seq
        and posting.created_at >= coalesce(start.from_posted_at, '-infinity')
        and posting.created_at < p_month.to_at
      order by posting.created_at desc, posting.seq desc
      limit 1
    ) ending on ending.seq > start.from_seq
    where start.from_at < p_month.to_at
      and (ending.seq is not null or balance.status <> 'closed' and v_with_quiet)
    on conflict do nothing
    returning id
  )
  select
    (array_agg(page.id order by page.created_at desc, page.id desc))[1],
    count(*)::int,
    (select count(*)::int from cut)
  into v_page
  from page;
  if v_page.seen < p_limit then v_page.last := null; end if;
  return v_page;
end $$;
