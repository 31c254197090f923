-- execute: nobody
-- needs: ledger/accounts/own.sql, ledger/entries/find-entry.sql
-- needs: ledger/entries/post-entries/command.sql

-- The legs of the commands, in their order. Those of a reversal are the legs of the other entry,
-- each with its sides turned.
create or replace function ledger.legs_of_commands(p_commands ledger.entry_command[])
returns ledger.entry_leg[]
language plpgsql stable as $$
begin
  return array(
    select row(
      command.id,
      command.tenant_id,
      leg.n,
      leg.debit_account_id,
      leg.credit_account_id,
      leg.amount,
      leg.currency
    )::entry_leg
    from unnest(p_commands) with ordinality command
    cross join lateral (
      select
        given.n,
        given.debit_account_id,
        given.credit_account_id,
        given.amount,
        given.currency
      from rows from (
        jsonb_to_recordset(command.legs)
          as (debit_account_id uuid, credit_account_id uuid, amount bigint, currency text)
      ) with ordinality given (debit_account_id, credit_account_id, amount, currency, n)
      where command.reverses_id is null
      union all
      select turned.leg, turned.debit_account_id, turned.credit_account_id, turned.amount,
        turned.currency
      from turned_legs(command.reverses_id, command.tenant_id) turned
      where command.reverses_id is not null
    ) leg
    order by command.ordinality, leg.n
  );
end $$;

-- The legs of an entry of the tenant, with their sides turned: from its postings, or from what is
-- kept of it where its month is detached.
create or replace function ledger.turned_legs(p_entry uuid, p_tenant uuid)
returns setof ledger.entry_leg
language plpgsql stable as $$
declare
  v_at constant timestamptz := entry_time(p_entry);
begin
  return query
    select
      debit.entry_id,
      debit.tenant_id,
      debit.leg,
      credit.account_id,
      debit.account_id,
      debit.amount,
      debit.currency
    from posting debit
    join posting credit
      on credit.entry_id = debit.entry_id and credit.leg = debit.leg
    where debit.entry_id = p_entry and debit.tenant_id = p_tenant and debit.created_at = v_at
      and debit.side = 'debit'
      and credit.created_at = v_at and credit.side = 'credit';
  if found then return; end if;
  return query
    select
      kept.id,
      kept.tenant_id,
      leg.leg,
      leg.credit_account_id,
      leg.debit_account_id,
      leg.amount,
      leg.currency
    from kept_entry kept
    cross join jsonb_to_recordset(kept.legs) leg (
      leg smallint, debit_account_id uuid, credit_account_id uuid, amount bigint, currency text)
    where kept.id = p_entry and kept.tenant_id = p_tenant;
end $$;

-- The accounts that legs name, of their own tenants only.
create or replace function ledger.accounts_of_legs(p_legs ledger.entry_leg[]) returns uuid[]
language plpgsql stable as $$
begin
  return (
    select own_accounts(array_agg(leg.tenant_id), array_agg(named.id))
    from unnest(p_legs) leg
    cross join lateral (values (leg.debit_account_id), (leg.credit_account_id)) named (id)
  );
end $$;
