-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/milliseconds.sql
-- needs: ledger/transfers/deadlines.sql, ledger/transfers/take-due/banks.sql
-- needs: ledger/transfers/take-due/enqueue.sql, ledger/transfers/take-due/queue-rows.sql
-- needs: ledger/transfers/take-due/next-wait.sql, ledger/transfers/take-due/person-rows.sql
-- needs: ledger/transfers/take-due/probe.sql, ledger/transfers/take-due/take-rows.sql

-- Takes due rows of a rail for a new group: one commit sets their carrier, and their time a lease
-- ahead, so that a lost start falls due again. While the breaker is open nothing is taken but, once
-- its time has come, one row as a probe; while an operator pauses the rail, nothing. Rows that wait
-- for a bank are taken as its probes, and go into the queue when it is up again. Returns {ids,
-- probe, wait_ms}; wait_ms: how long until a next look may find one, null when none waits or some
-- were taken. What a look costs does not depend on how many rows wait.
create or replace function ledger.take_due(
  p_rail text,
  p_carrier uuid,
  p_limit int,
  p_lease_ms int
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_rail rail;
  v_now timestamptz;
  v_until timestamptz;
  v_is_probe boolean;
  v_look queue_look;
  v_have_come boolean;
  v_ids uuid[];
begin
  perform assert_read_committed();
  if p_limit not between 1 and 500 then
    raise exception 'a group has 1 to 500 members';
  end if;
  select * into v_rail from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  v_until := v_now + milliseconds(p_lease_ms);
  if v_rail.probe_at > v_now + longest_probe_wait(v_rail) then
    -- A wrong clock wrote it: the probe is due.
    v_rail.probe_at := v_now;
    update rail set probe_at = v_now where name = p_rail;
  end if;
  perform correct_deadlines(v_rail, v_now);
  v_is_probe := v_rail.breaker = 'open';
  v_have_come := enqueue_due(v_rail, v_now);
  perform enqueue_recovered(v_rail);
  if v_rail.paused_by is not null then
    return nothing_taken(false, null);
  end if;
  if not v_is_probe then
    v_ids := take_rows(bank_probes(v_rail, v_now, v_until), p_carrier, v_now, v_until);
    if v_ids is not null then
      return jsonb_build_object('ids', to_jsonb(v_ids), 'probe', true, 'wait_ms', null);
    end if;
  end if;
  if v_is_probe and v_rail.probe_at > v_now then
    return nothing_taken(false, milliseconds_until(v_rail.probe_at, v_now));
  end if;
  if v_is_probe then
    v_look := row(next_probe(v_rail, v_now), v_rail.turn_account_id)::queue_look;
  else
    v_look := queue_rows(v_rail, v_now, p_limit);
    v_look.ids := (v_look.ids || person_rows(p_rail, v_now))[:p_limit];
  end if;
  v_ids := take_rows(v_look.ids, p_carrier, v_now, v_until);
  if v_ids is not null or v_have_come
    or v_look.turn_account_id is distinct from v_rail.turn_account_id
  then
    update rail set
      taken_at = case when v_ids is null and not v_have_come then taken_at else v_now end,
      turn_account_id = v_look.turn_account_id
    where name = p_rail;
  end if;
  if v_ids is null then
    return nothing_taken(v_is_probe, next_wait_ms(p_rail, v_now));
  end if;
  if v_is_probe then
    perform note_probe(v_rail, v_ids[1], v_until);
  end if;
  return jsonb_build_object('ids', to_jsonb(v_ids), 'probe', v_is_probe, 'wait_ms', null);
end $$;
