-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- A round is a send or, where nobody sends, two events: due and put off.
create or replace function ledger.rounds_of(
  transfer ledger.transfer,
  sends ledger.unresolved_sends
) returns int
language sql immutable
return greatest(sends.granted, transfer.version / 2);

create or replace function ledger.doubled_pause(p_first_ms bigint, p_rounds int) returns interval
language sql immutable
return greatest(
  ledger.milliseconds(p_first_ms),
  least(
    ledger.milliseconds(p_first_ms) * 2 ^ least(greatest(p_rounds - 1, 0), 20),
    interval '5 minutes'
  )
);

-- The pause between sends doubles with each round, up to five minutes: a bank that never takes a
-- transfer, or a rail without workers, is not tried at full speed without end. What was found
-- absent once does not wait.
create or replace function ledger.next_send_at(
  report ledger.report,
  transfer ledger.transfer,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns timestamptz
language sql stable
return p_now + case
  when report.outcome = 'absent' and sends.granted < 2 then interval '0'
  else ledger.doubled_pause(
    greatest(rail.retry_ms, report.retry_after_ms),
    ledger.rounds_of(transfer, sends)
  )
end;
