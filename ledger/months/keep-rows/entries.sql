-- execute: nobody

-- The legs of an entry, as a reversal of it is answered: [{leg, debit_account_id,
-- credit_account_id, amount, currency}]; null: it has no posting that is attached.
create or replace function ledger.legs_to_keep(p_entry uuid, p_at timestamptz) returns jsonb
language sql stable set search_path = ledger, pg_temp as $$
  select jsonb_agg(jsonb_build_object(
    'leg', debit.leg,
    'debit_account_id', debit.account_id,
    'credit_account_id', credit.account_id,
    'amount', debit.amount,
    'currency', debit.currency
  ) order by debit.leg)
  from posting debit
  join posting credit
    on credit.entry_id = debit.entry_id and credit.leg = debit.leg and credit.side = 'credit'
  where debit.entry_id = p_entry
    and debit.side = 'debit'
    and debit.created_at = p_at
    and credit.created_at = p_at
$$;

-- What is kept of the next entries of a month: of those that a request dated, and of those that a
-- request asked to reverse, whatever became of that: date and legs.
create or replace function ledger.keep_entries(
  the_month ledger.detached_month,
  p_rows int,
  p_horizon xid8
) returns ledger.detached_month
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_seen int;
  v_own xid8;
  v_older xid8;
begin
  with page as materialized (
    select id, tenant_id, effective_at, created_at, batch_id
    from entry
    where created_at >= the_month.from_at
      and created_at < the_month.to_at
      and id > coalesce(the_month.after_id, '00000000-0000-0000-0000-000000000000')
    order by id
    limit p_rows
  ), kept as (
    insert into kept_entry (id, tenant_id, effective_at, legs)
    select page.id, page.tenant_id, page.effective_at, legs_to_keep(page.id, page.created_at)
    from page
    where page.effective_at <> page.created_at
      or exists (select from entry_request where entry_request.reverses_id = page.id)
    on conflict (id) do nothing
  )
  select
    count(*),
    max(batch.xid) filter (where batch.xid < p_horizon),
    max(batch.xid) filter (where batch.xid >= p_horizon),
    (select page.id from page order by id desc limit 1)
  into v_seen, v_own, v_older, the_month.after_id
  from page
  left join batch on batch.id = page.batch_id;
  the_month.entries := the_month.entries + v_seen;
  the_month.own_xid := greatest(the_month.own_xid, v_own);
  the_month.older_xid := greatest(the_month.older_xid, v_older);
  if v_seen < p_rows then
    the_month.step := 'events';
    the_month.after_id := null;
  end if;
  return the_month;
end $$;
