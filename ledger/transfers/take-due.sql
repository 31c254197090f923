-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/milliseconds.sql, ledger/transfers/take-due/due-rows.sql
-- needs: ledger/transfers/take-due/probe.sql, ledger/transfers/take-due/take-rows.sql

-- Takes due rows of a rail for a new group: one commit sets their carrier, and their time a lease
-- ahead, so that a lost start falls due again. While the breaker is open nothing is taken but, once
-- its time has come, one row as a probe; while an operator pauses the rail, nothing. Returns {ids,
-- probe, wait_ms}; wait_ms: how long until the next one is due, null when none waits or some were
-- taken.
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
  v_due uuid[];
  v_ids uuid[];
begin
  perform assert_read_committed();
  if p_limit not between 1 and 500 then
    raise exception 'a group has 1 to 500 members';
  end if;
  select * into v_rail from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  v_until := v_now + milliseconds(p_lease_ms);
  v_is_probe := v_rail.breaker = 'open';
  if v_rail.paused_by is not null then
    return nothing_taken(false, null);
  end if;
  if v_is_probe and v_rail.probe_at > v_now then
    return nothing_taken(false, milliseconds_until(v_rail.probe_at, v_now));
  end if;
  v_due := case
    when v_is_probe then next_probe(v_rail, v_now)
    else due_rows(p_rail, v_now, p_limit)
  end;
  v_ids := take_rows(v_due, p_carrier, v_now, v_until);
  if v_ids is null then
    return nothing_taken(v_is_probe, (
      select ceil(extract(epoch from min(next_at) - v_now) * 1000)::bigint
      from transfer
      where rail = p_rail and state = 'scheduled'
    ));
  end if;
  update rail set taken_at = v_now where name = p_rail;
  if v_is_probe then
    perform note_probe(v_rail, v_ids[1], v_until);
  end if;
  return jsonb_build_object('ids', to_jsonb(v_ids), 'probe', v_is_probe, 'wait_ms', null);
end $$;
