-- execute: nobody

-- What is kept of the accounts of the next postings of a month: where each stood after the last of
-- them. Raises when they do not follow each other. Returns how far it came: the month as it is now.
create or replace function ledger.keep_balances(
  the_month ledger.detached_month,
  p_rows int
) returns ledger.detached_month
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_detached constant date := (select max(month) from detached_month where status = 'detached');
  v_wrong uuid;
  v_seen int;
  v_after_id constant uuid :=
    coalesce(the_month.after_id, '00000000-0000-0000-0000-000000000000');
  v_after_at constant timestamptz := coalesce(the_month.after_at, '-infinity');
  v_after_seq constant bigint := coalesce(the_month.after_seq, 0);
begin
  with page as materialized (
    select
      account_id, created_at, seq, tenant_id, entry_id, transfer_id, side, amount, balance_after
    from posting
    where created_at >= the_month.from_at
      and created_at < the_month.to_at
      and (account_id, created_at, seq) > (v_after_id, v_after_at, v_after_seq)
    order by account_id, created_at, seq
    limit p_rows
  ), summed as (
    select
      page.account_id,
      count(*) as postings,
      max(page.seq) as seq,
      max(page.created_at) as posted_at,
      (array_agg(page.balance_after order by page.seq desc))[1] as balance_after,
      coalesce(sum(page.amount) filter (where page.side = 'debit'), 0) as debits,
      coalesce(sum(page.amount) filter (where page.side = 'credit'), 0) as credits,
      -- What closes a hold changed the account's version when it was placed (ADR 0008).
      count(*) filter (where not exists (
        select
        from transfer
        join hold on hold.transfer_id = transfer.id and hold.state = 'captured'
        where transfer.id = page.transfer_id and transfer.entry_id = page.entry_id
      )) as changes
    from page
    group by page.account_id
  ), gone as (
    delete from kept_balance superseded
    using summed
    where superseded.account_id = summed.account_id
      and superseded.month < v_detached
      and exists (
        select
        from kept_balance later
        where later.account_id = superseded.account_id
          and later.month > superseded.month
          and later.month <= v_detached)
  ), kept as (
    insert into kept_balance (
      account_id, month, tenant_id, currency, normal, seq, posted_at, debit_posted,
      credit_posted, balance_after, changes
    )
    select
      summed.account_id,
      the_month.month,
      balance.tenant_id,
      balance.currency,
      balance.normal,
      summed.seq,
      summed.posted_at,
      coalesce(before.debit_posted, 0) + summed.debits,
      coalesce(before.credit_posted, 0) + summed.credits,
      summed.balance_after,
      coalesce(before.changes, 0) + summed.changes
    from summed
    join balance on balance.account_id = summed.account_id
    left join lateral (
      select *
      from kept_balance earlier
      where earlier.account_id = summed.account_id and earlier.month <= the_month.month
      order by earlier.month desc
      limit 1
    ) before on true
    where summed.seq = coalesce(before.seq, 0) + summed.postings
    on conflict (account_id, month) do update set
      seq = excluded.seq,
      posted_at = excluded.posted_at,
      debit_posted = excluded.debit_posted,
      credit_posted = excluded.credit_posted,
      balance_after = excluded.balance_after,
      changes = excluded.changes
    returning account_id
  )
  select
    (array_agg(summed.account_id) filter (where kept.account_id is null))[1],
    (select count(*) from page),
    (select max(summed.account_id::text)::uuid from summed),
    (select page.created_at from page order by account_id desc, created_at desc, seq desc limit 1),
    (select page.seq from page order by account_id desc, created_at desc, seq desc limit 1)
  into v_wrong, v_seen, the_month.after_id, the_month.after_at, the_month.after_seq
  from summed
  left join kept on kept.account_id = summed.account_id;
  if v_wrong is not null then
    raise exception 'the postings of account % do not follow each other', v_wrong
      using errcode = 'check_violation';
  end if;
  the_month.postings := the_month.postings + v_seen;
  if v_seen < p_rows then
    the_month.step := 'entries';
    the_month.after_id := null;
    the_month.after_at := null;
    the_month.after_seq := null;
  end if;
  return the_month;
end $$;
