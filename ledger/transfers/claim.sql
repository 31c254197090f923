-- execute: quittance_worker
-- needs: ledger/commit.sql, ledger/transfers/instruction.sql

-- Grants sends. One {id, sender, carrier, lease_ms, deduplicates_ms, probe} per transfer. The same sender asking again while its lease
-- lives gets the same grant. Granted only if the transfer is `submitting` and carried by the caller's group, nobody else's lease
-- lives, and either nothing is unresolved or the rail deduplicates and this lease ends before the oldest unresolved grant leaves
-- the rail's window. While the breaker is open only a probe is granted; while an operator holds the rail, nothing.
-- Returns one {id, granted, why, n, attempt} per command. `why` of a no: not_found, state, carrier, leased, window, rail_closed,
-- sends_exhausted (a thousand sends were not taken; a person was asked to look long before).
create or replace function ledger.claim(p_commands jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  c record; t transfer; a attempt; s send; q rail; v_now timestamptz; v_until timestamptz; v_why text; v_oldest timestamptz; v_sends int; v_n int; v_out jsonb[] := '{}';
begin
  perform assert_read_committed();
  select count(*) into v_n from jsonb_to_recordset(p_commands) x(id uuid);
  if v_n > 500 or v_n <> (select count(distinct x.id) from jsonb_to_recordset(p_commands) x(id uuid)) then raise exception 'a claim takes at most 500 commands, one for a transfer'; end if;
  perform 1 from transfer x where x.id in (select y.id from jsonb_to_recordset(p_commands) y(id uuid)) order by x.id for no key update;
  for c in select x.* from rows from (jsonb_to_recordset(p_commands) as (id uuid, sender uuid, carrier uuid, lease_ms int, deduplicates_ms bigint, probe boolean))
      with ordinality x order by x.ordinality loop
    select * into t from transfer where id = c.id;
    select * into a from attempt where transfer_id = c.id and n = 1;
    select * into q from rail where name = t.rail;
    v_now := clock_timestamp(); v_until := v_now + make_interval(secs => c.lease_ms / 1000.0);
    -- At most one is open, and one whose lease is over counts for nobody: its sender must not send any more.
    select * into s from send where transfer_id = c.id and attempt_n = 1 and outcome is null;
    select min(x.granted_at) filter (where x.outcome is null or x.outcome = 'unknown'), coalesce(max(x.n), 0) into v_oldest, v_sends
      from send x where x.transfer_id = c.id and x.attempt_n = 1;
    v_why := case
      when t.id is null or a.transfer_id is null then 'not_found'
      when t.state <> 'submitting' then 'state'
      when t.carrier is distinct from c.carrier then 'carrier'
      when q.held_by is not null then 'rail_closed'
      -- The same grant again.
      when s.lease_until > v_now and s.sender = c.sender then null
      when s.lease_until > v_now then 'leased'
      when v_oldest is not null and (c.deduplicates_ms is null or v_until >= v_oldest + make_interval(secs => c.deduplicates_ms / 1000.0)) then 'window'
      when q.breaker = 'open' and not c.probe then 'rail_closed'
      when v_sends >= 1000 then 'sends_exhausted'
    end;
    if v_why is null and (s.n is null or s.lease_until <= v_now) then
      -- send_one_open allows one that is open.
      update send set outcome = 'unknown', answered_at = v_now where transfer_id = c.id and attempt_n = 1 and outcome is null;
      insert into send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until)
        values (c.id, 1, v_sends + 1, t.tenant_id, c.sender, v_now, v_until) returning * into s;
      -- Whoever must ask about this send asks soon at first, whatever it took to ask about the one before.
      update attempt set inquiries = 0 where transfer_id = c.id and n = 1 and inquiries > 0;
      update transfer set next_what = 'await_answer', next_at = v_until, waiting_for = 'worker' where id = c.id;
    end if;
    v_out := v_out || jsonb_build_object('id', c.id, 'granted', v_why is null, 'why', v_why, 'n', s.n, 'attempt', instruction(t, a));
  end loop;
  return to_jsonb(v_out);
end $$;
