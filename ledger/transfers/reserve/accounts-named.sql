-- execute: nobody
-- needs: ledger/accounts/own.sql, ledger/transfers/reserve/command.sql

-- The accounts of their own tenants that the commands name, and the clearing accounts of their
-- rails.
create or replace function ledger.accounts_named_by(p_commands ledger.reserve_command[])
returns uuid[]
language plpgsql stable as $$
begin
  return (
    select own_accounts(array_agg(command.tenant_id), array_agg(named.id))
    from unnest(p_commands) command
    left join account clearing
      on clearing.tenant_id = command.tenant_id
      and clearing.currency = command.currency
      and clearing.kind = 'clearing'
      and clearing.rail = command.rail
    cross join lateral (
      values (command.source_account_id), (command.destination_account_id), (clearing.id)
    ) named (id)
  );
end $$;
