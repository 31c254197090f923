-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/milliseconds.sql, ledger/rfc3339.sql
-- needs: ledger/transfers/conclude/report.sql

-- What the caller is answered to each report: its transfer as it is now.
create or replace function ledger.conclude_outcomes(
  p_reports ledger.report[],
  p_changes ledger.state_change[],
  p_now timestamptz
) returns jsonb
language plpgsql stable as $$
declare
  v_outcomes jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'transfer_id', transfer.id,
    'state', transfer.state,
    'cause', change.cause,
    'next_at', rfc3339(transfer.next_at),
    'next_what', transfer.next_what,
    'wait_ms', milliseconds_until(transfer.next_at, p_now),
    'attention', transfer.attention_reason
  ) order by report.ordinality)
  into v_outcomes
  from unnest(p_reports) with ordinality report
  join transfer on transfer.id = report.transfer_id
  left join unnest(p_changes) change on change.transfer_id = report.transfer_id;
  return coalesce(v_outcomes, '[]');
end $$;

create or replace function ledger.new_attentions(p_changes ledger.state_change[]) returns jsonb
language plpgsql stable as $$
declare
  v_attentions jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'transfer_id', change.transfer_id,
    'reason', change.new_attention
  ))
  into v_attentions
  from unnest(p_changes) change
  where change.new_attention is not null;
  return coalesce(v_attentions, '[]');
end $$;
