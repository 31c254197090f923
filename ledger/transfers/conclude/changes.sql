-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/ids.sql, ledger/transfers/conclude/attention-of.sql
-- needs: ledger/transfers/conclude/contradicting-legs.sql
-- needs: ledger/transfers/conclude/next-step.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/conclude/transition-of.sql, ledger/transfers/unresolved-sends.sql

-- What the reports change on their transfers: a transition, or, while it stays unknown, what comes
-- next. Raises for a transfer without an attempt.
create or replace function ledger.changes_after(
  p_reports ledger.report[],
  p_at timestamptz,
  p_now timestamptz
) returns ledger.state_change[]
language plpgsql as $$
declare
  v_changes ledger.state_change[];
  v_found int;
  v_is_ahead boolean;
begin
  select
    count(*)::int,
    bool_or(sends.is_ahead),
    array_agg(row(
      transfer.id,
      transfer.tenant_id,
      transfer.version + case when decided.cause is null then 0 else 1 end,
      transfer.state,
      decided.cause,
      decided.to_state,
      case
        when decided.to_state in ('unknown', 'scheduled')
          then next_step_of(decided.to_state, report, transfer, attempt, sends, network, p_now)
      end,
      decided.attention,
      case
        -- Each one is another thing to look at.
        when decided.cause = 'contradicted'
          or decided.attention is distinct from transfer.attention_reason then decided.attention
      end,
      attempt.n,
      decided.entry_id,
      case
        when decided.cause = 'rejected' and decided.to_state = 'rejected' then 'rail_rejected'
      end,
      report.source,
      report.code,
      report.rail_reference,
      report.send_n,
      report.outcome,
      null,
      null,
      null
    )::state_change) filter (where decided.cause is not null or transfer.state = 'unknown')
  into v_found, v_is_ahead, v_changes
  from unnest(p_reports) report
  join transfer on transfer.id = report.transfer_id
  join attempt on attempt.transfer_id = report.transfer_id and attempt.n = report.attempt_n
  join rail network on network.name = transfer.rail
  left join contradiction known
    on known.transfer_id = report.transfer_id
    and known.attempt_n = report.attempt_n
    and known.outcome = report.outcome
    and known.rail_reference = coalesce(report.rail_reference, '')
  cross join lateral unresolved_sends(
    transfer.id, attempt.n, attempt.created_at, p_now
  ) sends
  -- Offset 0 keeps each decision from being computed once per use.
  cross join lateral (
    select transition_of(report, transfer, attempt, known, sends, network, p_now) as transition
    offset 0
  ) taken
  cross join lateral (
    select
      (taken.transition).cause,
      coalesce((taken.transition).to_state, transfer.state) as to_state,
      case
        when (taken.transition).cause = 'contradicted' then 'contradicted'
        else attention_of(
          coalesce((taken.transition).to_state, transfer.state), transfer, sends, network, p_now
        )
      end as attention,
      -- Accepted moves money, also against an end.
      case
        when report.outcome = 'accepted' and (
          (taken.transition).cause = 'accepted'
          or (taken.transition).cause = 'contradicted'
            and has_room_for_loss(transfer, attempt, cardinality(p_reports))
        ) then uuid_v7(p_at)
      end as entry_id
    offset 0
  ) decided;
  if v_found < cardinality(p_reports) then
    raise exception 'transfer % has no attempt', (
      select report.transfer_id
      from unnest(p_reports) report
      where not exists (select from attempt where attempt.transfer_id = report.transfer_id)
      limit 1
    );
  end if;
  if v_is_ahead then
    perform correct_sends(array(select transfer_id from unnest(p_reports)), p_now);
    return changes_after(p_reports, p_at, p_now);
  end if;
  return coalesce(v_changes, '{}');
end $$;
