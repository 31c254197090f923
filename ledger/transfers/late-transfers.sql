-- execute: quittance_reader
-- needs: ledger/milliseconds.sql, ledger/transfers/overdue/late-rows.sql

-- Transfers whose next step is later than the grace, whatever Temporal says, at most p_limit of
-- each state of a rail. Not among them:
--   a scheduled one, unless its rail is up and nothing was taken there for three times the grace
--   one that its group has not sent yet, while the group has another one in flight: an account's
--   transfers go in turn, and the last of five hundred may rightly wait for minutes
-- Returns [{transfer_id, state, rail}]. What a look costs does not depend on how many transfers
-- there are.
create or replace function ledger.late_transfers(p_grace_ms int, p_limit int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_grace constant interval := milliseconds(p_grace_ms);
  v_limit constant int := least(p_limit, 500);
  v_late jsonb := '[]'::jsonb;
  v_rail rail;
begin
  for v_rail in select * from rail loop
    v_late := v_late || late_as_json(v_rail.name, 'submitting', array(
      select late_rows(v_rail.name, 'submitting', 'await_answer', v_now - v_grace, '{}', v_limit)
      union all
      select late_rows(
        v_rail.name, 'submitting', 'send', v_now - v_grace,
        groups_at_work(v_rail.name, v_now), v_limit
      )
      limit v_limit
    ));
    v_late := v_late || late_as_json(v_rail.name, 'unknown', array(
      select late_rows(v_rail.name, 'unknown', 'inquire', v_now - v_grace, '{}', v_limit)
    ));
    v_late := v_late || late_as_json(v_rail.name, 'scheduled', array(
      select late_in_queue(v_rail, v_now, v_now - 3 * v_grace, v_limit)
    ));
  end loop;
  return v_late;
end $$;
