-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/conclude/next-send.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- Why a person should look at a transfer in `p_state` after a report; null: nobody need look.
create or replace function ledger.attention_of(
  p_state text,
  transfer ledger.transfer,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns text
language plpgsql stable as $$
begin
  if p_state not in ('unknown', 'scheduled') then
    -- It came to an end.
    return case
      when transfer.attention_reason
        not in ('unknown_too_long', 'not_taken_many_times', 'not_sent_many_times')
        then transfer.attention_reason
    end;
  end if;
  if transfer.attention_reason is not null then
    return transfer.attention_reason;
  end if;
  if p_state = 'scheduled' then
    return case
      when sends.granted >= 20 then 'not_taken_many_times'
      when sends.granted = 0 and rounds_of(transfer, sends) >= 10 then 'not_sent_many_times'
    end;
  end if;
  -- Counted from the first send that is unresolved, because each new send begins the state again.
  return case
    when transfer.state = 'unknown'
      and p_now > least(transfer.state_since, sends.oldest) + milliseconds(rail.give_up_ms)
      then 'unknown_too_long'
  end;
end $$;
