-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/claim/command.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- Why a send may not be granted, in the order of checking; null: it may. A send whose lease is over
-- belongs to nobody.
create or replace function ledger.claim_refusal(
  command ledger.claim_command,
  transfer ledger.transfer,
  attempt ledger.attempt,
  rail ledger.rail,
  bank ledger.bank_breaker,
  sends ledger.unresolved_sends,
  p_now timestamptz
) returns text
language sql stable
return case
  when transfer.id is null or attempt.transfer_id is null then 'not_found'
  when transfer.state <> 'submitting' then 'state'
  when transfer.carrier is distinct from command.carrier then 'carrier'
  when rail.paused_by is not null then 'rail_unavailable'
  when sends.is_live and sends.open_sender = command.sender then null
  when sends.is_live then 'leased'
  when sends.unresolved > 0 and (
    rail.deduplicates_ms is null
    or p_now + ledger.milliseconds(rail.request_timeout_ms + rail.lease_margin_ms)
      >= sends.oldest + ledger.milliseconds(rail.deduplicates_ms)
  ) then 'window'
  when (rail.breaker = 'open' or bank.breaker = 'open') and not command.probe
    then 'rail_unavailable'
  when sends.granted >= 1000 then 'sends_exhausted'
end;
