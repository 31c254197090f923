-- execute: nobody
-- needs: ledger/accounts/reading.sql, ledger/commit/leg-command.sql

create or replace function ledger.change_balances(p_legs ledger.leg_command[], p_at timestamptz)
returns jsonb
language plpgsql as $$
declare
  v_readings jsonb;
  v_accounts int;
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
    returning balance.*
  )
  select jsonb_agg(reading(changed)), (select count(*)::int from delta)
  into v_readings, v_accounts
  from changed;
  if jsonb_array_length(v_readings) <> v_accounts then
    raise exception 'a leg names an account without a balance';
  end if;
  return v_readings;
end $$;
