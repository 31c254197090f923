-- execute: nobody
-- needs: ledger/ids.sql, ledger/statements/cut/start.sql, ledger/statements/months/place.sql

-- Cuts a statement of an account up to its last posting: interim, with its place on the day, or
-- final. What the account holds and how far its postings go is one snapshot, so nobody who posts
-- waits for it. False: another statement took its number or its place meanwhile.
create or replace function ledger.cut_statement_now(
  p_id uuid,
  p_account uuid,
  p_kind text,
  p_sequence_of_day int,
  p_at timestamptz
) returns boolean
language plpgsql as $$
begin
  insert into statement (
    id, tenant_id, account_id, kind, number, month, day, sequence_of_day, from_at, to_at, zone,
    locale, account_name, account_reference, currency, brand, keep_years, from_seq, to_seq,
    from_posted_at, to_posted_at, opening, closing, held, summed_seq, summed_at, summed_balance,
    due_at, created_at, cut_snapshot
  )
  select
    p_id, account.tenant_id, account.id, p_kind,
    case p_kind when 'final' then start.number end,
    case p_kind when 'final' then coalesce(
      to_char(month_at(ending.at, plan.zone), 'YYYY-MM'), plan.next_month)
    end,
    case p_kind when 'interim' then (p_at at time zone 'UTC')::date end,
    p_sequence_of_day, start.from_at, ending.at, usable_zone(plan.zone), plan.locale,
    account.name, account.reference, account.currency, plan.brand, plan.keep_years, start.from_seq,
    coalesce(last_one.seq, start.from_seq), start.from_posted_at,
    coalesce(last_one.created_at, start.from_posted_at), start.opening,
    coalesce(last_one.balance_after, start.opening),
    case balance.normal when 1 then balance.debit_held else balance.credit_held end,
    start.from_seq, start.from_posted_at, start.opening, p_at, p_at,
    pg_current_snapshot()
  from account
  join balance on balance.account_id = account.id
  join statement_plan plan on plan.tenant_id = account.tenant_id
  cross join lateral statement_start_of(
    account.tenant_id, account.id, account.created_at, plan.counts_from) start
  cross join lateral (select greatest(p_at, start.from_at) as at) ending
  left join lateral (
    select posting.seq, posting.created_at, posting.balance_after
    from posting
    where posting.account_id = account.id
      and balance.seq > start.from_seq
      and posting.created_at >= coalesce(start.from_posted_at, '-infinity')
    order by posting.created_at desc, posting.seq desc
    limit 1
  ) last_one on true
  where account.id = p_account
  on conflict do nothing;
  return found;
end $$;

-- The statement of an account that is closed by this commit, which holds the lock of its balance: a
-- month's run that cuts another with the same number meanwhile is waited for, and the final one is
-- the next.
create or replace function ledger.cut_final_statement(p_account uuid) returns void
language plpgsql as $$
begin
  for attempt in 1 .. 5 loop
    if cut_statement_now(
      uuid_v7(clock_timestamp()), p_account, 'final', null,
      date_trunc('milliseconds', clock_timestamp()))
    then
      return;
    end if;
  end loop;
  raise exception 'account % got no final statement', p_account;
end $$;
