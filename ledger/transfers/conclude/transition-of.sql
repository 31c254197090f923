-- execute: nobody
-- needs: ledger/transfers/conclude/proves-absence.sql, ledger/transfers/conclude/report.sql
-- needs: ledger/transfers/unresolved-sends.sql

-- Which transition a report makes its transfer take; null: none. Proof is never refused: accepted
-- and rejected count in every state. `known`: the same was said against the outcome before.
create or replace function ledger.transition_of(
  report ledger.report,
  transfer ledger.transfer,
  attempt ledger.attempt,
  known ledger.contradiction,
  sends ledger.unresolved_sends,
  rail ledger.rail,
  p_now timestamptz
) returns ledger.transition
language sql stable
return case report.outcome
  when 'accepted' then case
    when transfer.state in ('scheduled', 'submitting', 'unknown')
      then row(transfer.state, 'accepted', 'completed')::ledger.transition
    when known.transfer_id is not null then null
    -- The rail took what we had given back, or took it once more: an instruction has one reference.
    -- The customer is not touched: the platform carries the loss until a person decides.
    when transfer.state in ('rejected', 'failed', 'cancelled')
      or attempt.rail_reference <> report.rail_reference
      then row(transfer.state, 'contradicted', transfer.state)::ledger.transition
  end
  when 'rejected' then case
    when transfer.state in ('scheduled', 'submitting', 'unknown')
      and (report.decisive or sends.unresolved = 0)
      then row(transfer.state, 'rejected', 'rejected')::ledger.transition
    when transfer.state in ('scheduled', 'submitting')
      then row(transfer.state, 'rejected', 'unknown')::ledger.transition
    when transfer.state in ('completed', 'reversed') and known.transfer_id is null
      then row(transfer.state, 'contradicted', transfer.state)::ledger.transition
  end
  when 'not_taken' then case
    when transfer.state in ('submitting', 'unknown') and sends.unresolved = 0
      then row(transfer.state, 'not_taken', 'scheduled')::ledger.transition
    when transfer.state = 'submitting'
      then row(transfer.state, 'not_taken', 'unknown')::ledger.transition
  end
  when 'unknown' then case
    when transfer.state = 'submitting' and not sends.is_live and report.send_n is not null
      then row(transfer.state, 'no_answer', 'unknown')::ledger.transition
  end
  when 'absent' then case
    when transfer.state = 'unknown' and ledger.proves_absence(report, sends, rail, p_now)
      then row(transfer.state, 'absent', 'scheduled')::ledger.transition
  end
  when 'not_asked' then null
  -- put_off, not_sent. A transfer is put off by the group that carries it, or by anybody once it is
  -- overdue, and while no lease lives.
  else case
    when transfer.state = 'submitting' and not sends.is_live
      and (transfer.carrier = report.carrier
        or report.carrier is null and transfer.next_at < p_now)
      then case sends.unresolved
        when 0 then row(transfer.state, 'put_off', 'scheduled')::ledger.transition
        else row(transfer.state, 'no_answer', 'unknown')::ledger.transition
      end
    -- A sender that slept past its lease says that it never sent: nothing is unresolved now.
    when transfer.state = 'unknown' and report.outcome = 'not_sent' and sends.unresolved = 0
      then row(transfer.state, 'not_taken', 'scheduled')::ledger.transition
  end
end;
