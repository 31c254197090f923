-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/ids.sql, ledger/transfers/reserve/candidates.sql
-- needs: ledger/transfers/reserve/command.sql, ledger/transfers/reserve/first-step.sql
-- needs: ledger/transfers/reserve/refusal-of.sql

-- What was decided about a command. The accounts are null where the tenant has none of that id.
create type ledger.reservation as (
  command ledger.reserve_command,
  first ledger.first_step,
  refusal text,
  entry_id uuid,
  source_account_id uuid,
  destination_account_id uuid,
  taker_account_id uuid
);

-- Decides the candidates of a batch one after the other: what one takes, the next finds taken.
-- Writes nothing.
create or replace function ledger.decide_reservations(
  p_candidates ledger.candidate[],
  p_accounts ledger.locked_account[],
  p_at timestamptz,
  p_now timestamptz
) returns ledger.reservation[]
language plpgsql as $$
declare
  v_count int := cardinality(p_candidates);
  v_decided ledger.reservation[] := array_fill(null::reservation, array[v_count]);
  v_places constant jsonb := places_of(p_accounts);
  v_rails constant text[] := array(
    select distinct (candidate.command).rail from unnest(p_candidates) candidate
  );
  -- Whether an account has a transfer in this batch that waits for a rail, by their places.
  v_waits boolean[] := array_fill(false, array[cardinality(v_rails), cardinality(p_accounts)]);
  candidate ledger.candidate;
  command ledger.reserve_command;
  source int;
  destination int;
  taker int;
  network int;
  refusal text;
  first ledger.first_step;
  entry_id uuid;
begin
  for i in 1..v_count loop
    candidate := p_candidates[i];
    command := candidate.command;
    -- An account of another tenant is none.
    source := (v_places ->> (command.tenant_id || '/' || command.source_account_id))::int;
    destination :=
      (v_places ->> (command.tenant_id || '/' || command.destination_account_id))::int;
    taker := case command.rail
      when 'book' then destination
      else (v_places ->> (command.tenant_id || '/' || candidate.clearing_account_id))::int
    end;
    network := array_position(v_rails, command.rail);
    entry_id := null;
    refusal := refusal_of(
      command, p_accounts[source], p_accounts[destination], p_accounts[taker]
    );
    if refusal is not null then
      first := row('declined', 'refused', null)::first_step;
    else
      if taker is null then
        raise exception 'tenant % has no clearing account for % in %',
          command.tenant_id, command.rail, command.currency;
      end if;
      first := first_step_of(
        command,
        case when candidate.is_rail_unavailable then coalesce(candidate.probe_at, p_now) end,
        candidate.bank_probe_at,
        candidate.is_behind or v_waits[network][source],
        p_now
      );
      if (first.next).waiting_for = 'rail' then
        v_waits[network][source] := true;
      end if;
      if first.state = 'completed' then
        entry_id := uuid_v7(p_at);
        -- A debit lowers what credits raise, and raises the others; a credit the other way round.
        p_accounts[source].available :=
          p_accounts[source].available - p_accounts[source].normal * command.amount;
        p_accounts[taker].available :=
          p_accounts[taker].available + p_accounts[taker].normal * command.amount;
      else
        -- Held money leaves what is available and arrives nowhere yet.
        if p_accounts[source].normal = 1 then
          p_accounts[source].available := p_accounts[source].available - command.amount;
        end if;
        if p_accounts[taker].normal = -1 then
          p_accounts[taker].available := p_accounts[taker].available - command.amount;
        end if;
      end if;
      p_accounts[source].debit_capacity := p_accounts[source].debit_capacity - command.amount;
      p_accounts[taker].credit_capacity := p_accounts[taker].credit_capacity - command.amount;
    end if;
    v_decided[i] := row(
      command,
      first,
      refusal,
      entry_id,
      p_accounts[source].account_id,
      p_accounts[destination].account_id,
      p_accounts[taker].account_id
    )::reservation;
  end loop;
  return v_decided;
end $$;
