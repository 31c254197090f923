-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/commit/lock-transfers.sql
-- needs: ledger/transfers/claim/command.sql, ledger/transfers/claim/decide.sql
-- needs: ledger/transfers/claim/write-grants.sql, ledger/transfers/unresolved-sends.sql

-- Grants sends, at most one for a transfer in a call. The same sender asking again while its lease
-- lives gets the same grant. The lease is the rail's request timeout and margin. Returns {id,
-- granted, why, n, lease_ms, attempt} for each command, in any order; `why` of a refusal:
--   not_found        no such transfer, or one without an attempt
--   state            it is not submitting
--   carrier          another group carries it
--   rail_unavailable an operator pauses the rail, or a breaker is open and this is no probe
--   leased           somebody else may still be sending
--   window           an unresolved send, and the rail may not know its key when this one ends
--   sends_exhausted  a thousand sends were not taken; a person was asked to look long before
create or replace function ledger.claim(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_empty claim_command;
  v_commands claim_command[];
  v_ids uuid[];
  v_now timestamptz;
  v_decisions claim_decision[];
  v_lapsed uuid[];
  v_outcomes jsonb;
  v_is_ahead boolean;
begin
  perform assert_read_committed();
  v_empty.attempt_n := 1;
  select array_agg(command), array_agg(command.id)
  into v_commands, v_ids
  from jsonb_populate_recordset(v_empty, p_commands) command;
  perform lock_transfers(v_ids);
  v_now := clock_timestamp();
  loop
    select
      array_agg(decision),
      array_agg((decision).id) filter (where (decision).is_new and (decision).n > 1),
      jsonb_agg(outcome),
      bool_or(is_ahead)
    into v_decisions, v_lapsed, v_outcomes, v_is_ahead
    from decide_claims(v_commands, v_now);
    exit when v_is_ahead is not true;
    perform correct_sends(v_ids, v_now);
  end loop;
  if v_lapsed is not null then
    perform close_lapsed_sends(v_lapsed, v_now);
  end if;
  perform write_grants(v_decisions);
  return coalesce(v_outcomes, '[]');
end $$;
