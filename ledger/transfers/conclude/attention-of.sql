-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/conclude/next-send.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- What is left of the attention of a transfer that came to an end: what it waited for too long, or
-- was tried too often for, is over.
create or replace function ledger.attention_after_end(p_reason text) returns text
language sql immutable
return case
  when p_reason not in ('unknown_too_long', 'not_taken_many_times', 'not_sent_many_times')
    then p_reason
end;

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
    return attention_after_end(transfer.attention_reason);
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
