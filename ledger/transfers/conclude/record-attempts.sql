-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/transfers/conclude/report.sql

-- Keeps on the attempts the rail's last answer, with its reference and code.
create or replace function ledger.record_attempts(
  p_changes ledger.state_change[],
  p_at timestamptz
) returns void
language plpgsql as $$
begin
  update attempt set
    outcome = case change.to_state
      when 'completed' then 'accepted'
      when 'rejected' then 'rejected'
      else attempt.outcome
    end,
    rail_reference = coalesce(change.rail_reference, attempt.rail_reference),
    code = coalesce(change.code, attempt.code),
    contradicted_at = case change.cause
      when 'contradicted' then p_at
      else attempt.contradicted_at
    end
  from unnest(p_changes) change
  where attempt.transfer_id = change.transfer_id
    and attempt.n = change.attempt_n
    and change.cause in ('accepted', 'rejected', 'contradicted');
end $$;

-- Counts the inquiries among the reports on their attempts.
create or replace function ledger.count_inquiries(p_reports ledger.report[]) returns void
language plpgsql as $$
begin
  if not exists (select from unnest(p_reports) report where report.source = 'inquiry') then
    return;
  end if;
  update attempt set
    inquiries = attempt.inquiries + 1,
    asked_at = report.asked_at
  from unnest(p_reports) report
  where attempt.transfer_id = report.transfer_id
    and attempt.n = report.attempt_n
    and report.source = 'inquiry';
end $$;
