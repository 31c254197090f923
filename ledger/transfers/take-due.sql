-- execute: quittance_worker
-- needs: ledger/commit.sql, ledger/transfers/due-rows.sql

-- Takes due rows of a rail for a new group: one commit sets `carrier`, and `next_at` a lease ahead, so a lost start falls due again.
-- While the breaker is open nothing is taken but, once its time has come, one row as a probe; while an operator holds the rail, nothing.
-- Returns {ids, probe, wait_ms}: how long until the next is due, null when none waits or the rail is held.
create or replace function ledger.take_due(p_rail text, p_carrier uuid, p_limit int, p_lease_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare q rail; v_now timestamptz; v_until timestamptz; v_picked uuid[]; v_ids uuid[]; v_probe boolean; v_wait bigint;
begin
  perform assert_read_committed();
  if p_limit not between 1 and 500 then raise exception 'a group has 1 to 500 members'; end if;
  select * into q from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
  v_until := v_now + make_interval(secs => p_lease_ms / 1000.0);
  v_probe := q.breaker = 'open';
  if q.held_by is not null then return jsonb_build_object('ids', '[]'::jsonb, 'probe', false, 'wait_ms', null); end if;
  if v_probe and q.probe_at > v_now then
    return jsonb_build_object('ids', '[]'::jsonb, 'probe', false, 'wait_ms', ceil(extract(epoch from q.probe_at - v_now) * 1000)::bigint);
  end if;
  v_picked := case when v_probe then next_probe(q, v_now) else due_rows(p_rail, v_now, p_limit) end;
  with free as (
    -- What somebody else is just changing is left to him, and what he changed is looked at again as it is now.
    select t.id from transfer t where t.id = any(v_picked) and t.state = 'scheduled' and (t.carrier is null or t.next_at <= v_now) for no key update skip locked
  ), taken as (
    update transfer t set carrier = p_carrier, next_at = v_until, next_what = 'send', waiting_for = 'worker' from free f where t.id = f.id returning t.id
  )
  select array_agg(id order by id) into v_ids from taken;
  if v_ids is null then
    select ceil(extract(epoch from min(t.next_at) - v_now) * 1000)::bigint into v_wait from transfer t where t.rail = p_rail and t.state = 'scheduled';
    return jsonb_build_object('ids', '[]'::jsonb, 'probe', v_probe, 'wait_ms', v_wait);
  end if;
  update rail set taken_at = v_now where name = p_rail;
  if v_probe then perform note_probe(q, v_ids[1], v_until); end if;
  return jsonb_build_object('ids', to_jsonb(v_ids), 'probe', v_probe, 'wait_ms', null);
end $$;
