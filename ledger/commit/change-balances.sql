-- execute: nobody
-- needs: ledger/accounts/reading.sql, ledger/commit/add-to-totals.sql
-- needs: ledger/commit/leg-command.sql, ledger/commit/posted-sum.sql

-- Changes the counters of the accounts that the legs name, which the caller has locked, and the
-- totals of their tenants. Returns the new balances as readings.
create or replace function ledger.change_balances(p_legs ledger.leg_command[], p_at timestamptz)
returns jsonb
language plpgsql as $$
declare
  v_readings jsonb;
  v_accounts int;
  v_sums ledger.posted_sum[];
begin
  with side as (
    select debit_account_id as account_id, op, entry_id, amount as debit, 0 as credit
    from unnest(p_legs)
    union all
    select credit_account_id, op, entry_id, 0, amount
    from unnest(p_legs)
  ), delta as (
    select
      account_id,
      coalesce(sum(debit) filter (where op in ('post', 'capture')), 0)::bigint as debit_posted,
      coalesce(sum(credit) filter (where op in ('post', 'capture')), 0)::bigint as credit_posted,
      sum(case op when 'hold' then debit when 'post' then 0 else -debit end)::bigint
        as debit_held,
      sum(case op when 'hold' then credit when 'post' then 0 else -credit end)::bigint
        as credit_held,
      count(entry_id) as postings,
      count(*) as changes
    from side
    group by account_id
  ), changed as (
    update balance set
      debit_posted = balance.debit_posted + delta.debit_posted,
      credit_posted = balance.credit_posted + delta.credit_posted,
      debit_held = balance.debit_held + delta.debit_held,
      credit_held = balance.credit_held + delta.credit_held,
      seq = balance.seq + delta.postings,
      version = balance.version + delta.changes,
      last_at = p_at
    from delta
    where balance.account_id = delta.account_id
    returning balance as after, delta.debit_posted as debit, delta.credit_posted as credit
  )
  select
    jsonb_agg(reading(changed.after)),
    (select count(*)::int from delta),
    array(
      select
        row(
          (after).tenant_id, (after).currency, (after).kind, sum(debit), sum(credit)
        )::posted_sum
      from changed
      where debit > 0 or credit > 0
      group by (after).tenant_id, (after).currency, (after).kind
    )
  into v_readings, v_accounts, v_sums
  from changed;
  if jsonb_array_length(v_readings) <> v_accounts then
    raise exception 'a leg names an account without a balance';
  end if;
  perform add_to_totals(v_sums);
  return v_readings;
end $$;
