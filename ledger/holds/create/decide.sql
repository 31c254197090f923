-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/holds/create/command.sql
-- needs: ledger/transfers/reserve/candidates.sql, ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/reserve/refusal-of.sql

-- What was decided about a new hold.
create type ledger.new_hold as (
  command ledger.hold_command,
  refusal text
);

-- Decides new holds one after the other: what one takes, the next finds taken. A hold is refused as
-- a transfer in the book would be. Writes nothing.
create or replace function ledger.decide_new_holds(
  p_commands ledger.hold_command[],
  p_accounts ledger.locked_account[]
) returns ledger.new_hold[]
language plpgsql stable as $$
declare
  v_count constant int := cardinality(p_commands);
  v_decided ledger.new_hold[] := array_fill(null::new_hold, array[v_count]);
  v_places constant jsonb := places_of(p_accounts);
  wanted ledger.hold_command;
  command ledger.reserve_command;
  source int;
  destination int;
  refusal text;
begin
  for place in 1 .. v_count loop
    wanted := p_commands[place];
    -- An account of another tenant is none.
    source := (v_places ->> (wanted.tenant_id || '/' || wanted.source_account_id))::int;
    destination :=
      (v_places ->> (wanted.tenant_id || '/' || wanted.destination_account_id))::int;
    command.rail := 'book';
    command.amount := wanted.amount;
    command.currency := wanted.currency;
    refusal := refusal_of(
      command, p_accounts[source], p_accounts[destination], p_accounts[destination]
    );
    if refusal is null then
      -- Held money leaves what is available and arrives nowhere yet.
      if p_accounts[source].normal = 1 then
        p_accounts[source].available := p_accounts[source].available - wanted.amount;
      end if;
      if p_accounts[destination].normal = -1 then
        p_accounts[destination].available := p_accounts[destination].available - wanted.amount;
      end if;
      p_accounts[source].debit_capacity := p_accounts[source].debit_capacity - wanted.amount;
      p_accounts[destination].credit_capacity :=
        p_accounts[destination].credit_capacity - wanted.amount;
    end if;
    v_decided[place] := row(wanted, refusal)::new_hold;
  end loop;
  return v_decided;
end $$;
