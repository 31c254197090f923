-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- The n-th wait, counted from 0; the last one repeats.
create or replace function ledger.nth_wait(p_waits int[], p_n int) returns int
language sql immutable
return p_waits[least(p_n + 1, cardinality(p_waits))];

create or replace function ledger.inquiry_wait(
  report ledger.report,
  attempt ledger.attempt,
  rail ledger.rail
) returns interval
language sql stable
return ledger.milliseconds(case
  when report.outcome in ('put_off', 'not_sent', 'not_taken')
    then greatest(rail.retry_ms, report.retry_after_ms)
  -- When one bank is silent, thousands are unknown at once. Short waits of those that found no
  -- place would be thousands of activities a second that ask nobody anything.
  when report.outcome = 'not_asked' then greatest(
    ledger.nth_wait(rail.inquiry_waits_ms, attempt.inquiries + 1),
    ledger.nth_wait(rail.inquiry_waits_ms, cardinality(rail.inquiry_waits_ms) / 2)
  )
  when report.source = 'inquiry'
    then ledger.nth_wait(rail.inquiry_waits_ms, attempt.inquiries + 1)
  else ledger.nth_wait(rail.inquiry_waits_ms, 0)
end);

-- The waits between inquiries are the rail's. "Absent" that came too early to prove anything is
-- asked again as soon as it would.
create or replace function ledger.next_inquiry_at(
  report ledger.report,
  attempt ledger.attempt,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns timestamptz
language sql stable
return least(
  p_now + ledger.inquiry_wait(report, attempt, rail),
  case
    when report.outcome = 'absent'
      and sends.last_lease + ledger.milliseconds(rail.quiet_period_ms) > report.asked_at
      then greatest(sends.last_lease + ledger.milliseconds(rail.quiet_period_ms + 100), p_now)
  end
);
