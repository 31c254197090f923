-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/entries/find-entry.sql
-- needs: ledger/entries/post-entries/command.sql, ledger/entries/post-entries/leg-refusal.sql
-- needs: ledger/entries/post-entries/reversal-refusal.sql, ledger/periods/closed-until.sql

-- What was decided about an entry. `refusal_leg`: the leg that the refusal is about, or null.
create type ledger.entry_decision as (
  command ledger.entry_command,
  refusal text,
  refusal_leg smallint
);

-- What an entry does to one account, all its legs together. `place`: of the account among those
-- that are locked; `leg`: the first that names it. Sums may pass the end of a bigint.
create type ledger.entry_delta as (
  entry_id uuid,
  place int,
  debit numeric,
  credit numeric,
  leg smallint
);

-- Decides entries one after the other: what one takes, the next finds taken. Limits hold for an
-- entry as a whole, so the order of its legs does not matter. Writes nothing. To be
-- called after keep_periods.
create or replace function ledger.decide_entries(
  p_commands ledger.entry_command[],
  p_legs ledger.entry_leg[],
  p_accounts ledger.locked_account[]
) returns ledger.entry_decision[]
language plpgsql stable as $$
declare
  v_count constant int := cardinality(p_commands);
  v_decided ledger.entry_decision[] := array_fill(null::entry_decision, array[v_count]);
  v_deltas constant ledger.entry_delta[] := deltas_of(p_legs, p_accounts);
  v_refused constant jsonb := refused_legs(p_legs, p_accounts);
  v_reversed uuid[] := array[]::uuid[];
  command ledger.entry_command;
  delta ledger.entry_delta;
  refusal text;
  refusal_leg smallint;
begin
  for place in 1 .. v_count loop
    command := p_commands[place];
    refusal := case
      when command.reverses_id = any (v_reversed) then 'already_reversed'
      when command.reverses_id is not null
        then reversal_refusal(find_entry(command.reverses_id, command.tenant_id))
    end;
    if refusal is null and command.effective_at < closed_until(command.tenant_id) then
      refusal := 'period_closed';
    end if;
    refusal_leg := null;
    if refusal is null and v_refused ? command.id::text then
      refusal := v_refused #>> array[command.id::text, 'code'];
      refusal_leg := (v_refused #>> array[command.id::text, 'leg'])::smallint;
    end if;
    if refusal is null then
      select limits.refusal, limits.leg
      into refusal, refusal_leg
      from unnest(v_deltas) one
      cross join lateral (
        select delta_refusal(one, p_accounts[one.place]) as refusal, one.leg
      ) limits
      where one.entry_id = command.id and limits.refusal is not null
      order by limits.refusal, limits.leg
      limit 1;
    end if;
    if refusal is null then
      for delta in select * from unnest(v_deltas) one where one.entry_id = command.id loop
        p_accounts[delta.place].available := p_accounts[delta.place].available
          + p_accounts[delta.place].normal * (delta.credit - delta.debit);
        p_accounts[delta.place].debit_capacity :=
          p_accounts[delta.place].debit_capacity - delta.debit;
        p_accounts[delta.place].credit_capacity :=
          p_accounts[delta.place].credit_capacity - delta.credit;
      end loop;
      v_reversed := v_reversed || command.reverses_id;
    end if;
    v_decided[place] := row(command, refusal, refusal_leg)::entry_decision;
  end loop;
  return v_decided;
end $$;

-- Why an entry is refused by what it does to an account; null: it is not. In the order of the
-- refusal table, which is that of the alphabet here.
create or replace function ledger.delta_refusal(
  delta ledger.entry_delta,
  account ledger.locked_account
) returns text
language sql immutable
return case
  when account.debit_capacity < delta.debit or account.credit_capacity < delta.credit
    then 'amount_too_large'
  when account.available + account.normal * (delta.credit - delta.debit) < account.floor
    then 'insufficient_funds'
end;

-- What each entry does to each account.
create or replace function ledger.deltas_of(
  p_legs ledger.entry_leg[],
  p_accounts ledger.locked_account[]
) returns ledger.entry_delta[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      side.entry_id, account.ordinality::int, sum(side.debit), sum(side.credit), min(side.leg)
    )::entry_delta
    from (
      select entry_id, leg, debit_account_id as account_id, amount::numeric as debit, 0 as credit
      from unnest(p_legs)
      union all
      select entry_id, leg, credit_account_id, 0, amount
      from unnest(p_legs)
    ) side
    join unnest(p_accounts) with ordinality account on account.account_id = side.account_id
    group by side.entry_id, account.ordinality
  );
end $$;

-- The first leg of each entry that is refused by itself: {entry: {code, leg}}.
create or replace function ledger.refused_legs(
  p_legs ledger.entry_leg[],
  p_accounts ledger.locked_account[]
) returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(
      jsonb_object_agg(first.entry_id, jsonb_build_object('code', first.code, 'leg', first.leg)),
      '{}'
    )
    from (
      select distinct on (given.entry_id)
        given.entry_id,
        given.leg,
        leg_refusal(given, debit, credit) as code
      from unnest(p_legs) given
      left join unnest(p_accounts) debit
        on debit.account_id = given.debit_account_id and debit.tenant_id = given.tenant_id
      left join unnest(p_accounts) credit
        on credit.account_id = given.credit_account_id and credit.tenant_id = given.tenant_id
      where leg_refusal(given, debit, credit) is not null
      order by given.entry_id, given.leg
    ) first
  );
end $$;
