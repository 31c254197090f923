-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/transfers/conclude/report.sql

-- Keeps on the attempts what decided them, with the rail's reference and code. What contradicts an
-- outcome is kept beside it.
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
    code = coalesce(change.code, attempt.code)
  from unnest(p_changes) change
  where attempt.transfer_id = change.transfer_id
    and attempt.n = change.attempt_n
    and change.cause in ('accepted', 'rejected');
  if exists (select from unnest(p_changes) change where change.cause = 'contradicted') then
    perform record_contradictions(p_changes, p_at);
  end if;
end $$;

create or replace function ledger.record_contradictions(
  p_changes ledger.state_change[],
  p_at timestamptz
) returns void
language plpgsql as $$
begin
  update attempt set contradicted_at = coalesce(contradicted_at, p_at)
  from unnest(p_changes) change
  where attempt.transfer_id = change.transfer_id
    and attempt.n = change.attempt_n
    and change.cause = 'contradicted';
  insert into contradiction (
    transfer_id, attempt_n, outcome, rail_reference, tenant_id, rail, source, send_n, code,
    entry_id, created_at
  )
  select
    change.transfer_id,
    change.attempt_n,
    change.outcome,
    coalesce(change.rail_reference, ''),
    change.tenant_id,
    attempt.rail,
    change.source,
    change.send_n,
    change.code,
    change.entry_id,
    p_at
  from unnest(p_changes) change
  join attempt on attempt.transfer_id = change.transfer_id and attempt.n = change.attempt_n
  where change.cause = 'contradicted';
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
