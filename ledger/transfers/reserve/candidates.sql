-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/transfers/reserve/command.sql

-- A command that is to be decided, with what was read for it. `probe_at`: when a rail that is down
-- is next tried. `is_behind`: an earlier transfer of its account waits for the rail, or was
-- dispatched.
create type ledger.candidate as (
  command ledger.reserve_command,
  clearing_account_id uuid,
  is_rail_unavailable boolean,
  probe_at timestamptz,
  is_behind boolean
);

create or replace function ledger.candidates_of(p_commands ledger.reserve_command[])
returns ledger.candidate[]
language plpgsql stable as $$
begin
  return array(
    select row(
      command,
      clearing.id,
      network.breaker = 'open' or network.paused_by is not null,
      network.probe_at,
      command.rail <> 'book' and exists (
        select
        from transfer earlier
        where earlier.source_account_id = command.source_account_id
          and earlier.rail = command.rail
          and (
            earlier.state = 'scheduled'
              and (earlier.waiting_for = 'rail' or earlier.carrier is not null)
            or earlier.state = 'submitting' and earlier.carrier <> earlier.created_by_group
          )
      )
    )::candidate
    from unnest(p_commands) command
    left join rail network on network.name = command.rail
    left join account clearing
      on clearing.tenant_id = command.tenant_id
      and clearing.currency = command.currency
      and clearing.kind = 'clearing'
      and clearing.rail = command.rail
  );
end $$;

-- The places of locked accounts by tenant and id: {"tenant/id": place}.
create or replace function ledger.places_of(p_accounts ledger.locked_account[]) returns jsonb
language plpgsql stable as $$
begin
  return (
    select jsonb_object_agg(account.tenant_id || '/' || account.account_id, account.ordinality)
    from unnest(p_accounts) with ordinality account
  );
end $$;
