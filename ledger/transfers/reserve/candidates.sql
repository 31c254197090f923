-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/rails/bank-of.sql
-- needs: ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/reserve/is-ahead.sql

-- A command that is to be decided, with what was read for it. `probe_at`: when a rail that is down
-- is next tried. `bank_probe_at`: the same of the bank, or now, where earlier rows of the account
-- still wait for the bank. `is_behind`: an earlier transfer of its account is ahead
-- (ledger.is_ahead).
create type ledger.candidate as (
  command ledger.reserve_command,
  clearing_account_id uuid,
  is_rail_unavailable boolean,
  probe_at timestamptz,
  bank_probe_at timestamptz,
  is_behind boolean
);

-- In the order of the commands, whatever plan joins them: what one takes, the next finds taken.
create or replace function ledger.candidates_of(p_commands ledger.reserve_command[])
returns ledger.candidate[]
language plpgsql stable as $$
declare
  v_accounts_ahead constant jsonb := accounts_ahead(p_commands);
  v_ids constant uuid[] := array(select command.id from unnest(p_commands) command);
begin
  return array(
    select row(
      command,
      clearing.id,
      network.breaker = 'open' or network.paused_by is not null,
      network.probe_at,
      case
        when bank.breaker = 'open' then bank.probe_at
        when bank.breaker = 'closed' and waits_for_bank(command) then clock_timestamp()
      end,
      v_accounts_ahead ? (command.source_account_id || '/' || command.rail)
    )::candidate
    from unnest(p_commands) command
    join unnest(v_ids) with ordinality place (id, n) on place.id = command.id
    left join rail network on network.name = command.rail
    left join bank_breaker bank
      on bank.rail = command.rail and bank.bank = bank_of(command.destination_bank)
    left join account clearing
      on clearing.tenant_id = command.tenant_id
      and clearing.currency = command.currency
      and clearing.kind = 'clearing'
      and clearing.rail = command.rail
    order by place.n
  );
end $$;

-- The accounts of the commands, as an object with `account/rail`, that have a transfer which waits
-- for its rail, or was dispatched (ledger.is_ahead). Each is asked about once; the conditions on
-- the state are the predicate of the index transfer_ahead.
create or replace function ledger.accounts_ahead(p_commands ledger.reserve_command[])
returns jsonb
language plpgsql stable as $$
begin
  return (
    select coalesce(jsonb_object_agg(source.account_id || '/' || source.rail, true), '{}')
    from (
      select distinct command.source_account_id as account_id, command.rail
      from unnest(p_commands) command
      where command.rail <> 'book' and command.source_account_id is not null
      offset 0
    ) source
    where exists (
      select
      from transfer
      where (
          transfer.state = 'scheduled'
            and (transfer.waiting_for = 'rail' or transfer.carrier is not null)
          or transfer.state = 'submitting' and transfer.carrier <> transfer.created_by_group
        )
        and transfer.source_account_id = source.account_id
        and transfer.rail = source.rail
        and is_ahead(transfer)
    )
  );
end $$;

-- Whether an earlier transfer of the account waits for the same bank.
create or replace function ledger.waits_for_bank(command ledger.reserve_command) returns boolean
language plpgsql stable as $$
begin
  return exists (
    select
    from transfer
    where transfer.state = 'scheduled'
      and transfer.waiting_for = 'bank'
      and transfer.source_account_id = command.source_account_id
      and transfer.rail = command.rail
      and bank_of(transfer.destination_bank) = bank_of(command.destination_bank)
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
