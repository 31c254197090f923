-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- "Absent" proves something only if nothing is unresolved; or if it was asked after the quiet
-- period and after the last grant, and the rail still knows the rail key when the next send ends.
-- A question that was asked at a time that lies ahead was asked nobody knows when.
create or replace function ledger.proves_absence(
  report ledger.report,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns boolean
language sql stable
return sends.unresolved = 0 or coalesce(
  report.asked_at > sends.last_lease + ledger.milliseconds(rail.quiet_period_ms)
    and report.asked_at > sends.last_granted
    and report.asked_at <= p_now + interval '1 second'
    and p_now + ledger.milliseconds(rail.request_timeout_ms + rail.lease_margin_ms)
      < sends.oldest + ledger.milliseconds(rail.deduplicates_ms),
  false
);
