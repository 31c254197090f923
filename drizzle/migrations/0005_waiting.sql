-- Locks: none, new functions only.
-- What waits as a row: taken when due, carried by a group, watched when overdue.

-- Takes due rows of a rail for a new group: one commit sets `carrier`, and `next_at` a lease ahead, so a lost start falls due again.
-- While the breaker is open nothing is taken but, once its time has come, one row as a probe: of the tenant that
-- probed longest ago, to its bank that was probed longest ago, the row that was tried longest ago. So nobody's failing transfers,
-- however many, keep the rail closed for others by more than a turn each. An account that already has a row
-- in flight is left alone, so that one account's transfers go in turn. Returns {ids, probe, wait_ms}: how long until the next is due.
create function ledger.take_due(p_rail text, p_carrier uuid, p_limit int, p_lease_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare q rail; v_now timestamptz := clock_timestamp(); v_ids uuid[]; v_probe boolean := false; v_limit int := p_limit; v_wait bigint; v_tenant text; v_bank text;
begin
  perform assert_read_committed();
  if p_limit not between 1 and 500 then raise exception 'a group has 1 to 500 members'; end if;
  select * into q from rail where name = p_rail for update;
  if q.held_by is not null then return jsonb_build_object('ids', '[]'::jsonb, 'probe', false, 'wait_ms', 60000); end if;
  if q.breaker = 'open' then
    if q.probe_at > v_now then
      return jsonb_build_object('ids', '[]'::jsonb, 'probe', false, 'wait_ms', ceil(extract(epoch from q.probe_at - v_now) * 1000)::bigint);
    end if;
    v_probe := true; v_limit := 1;
    update rail set probe_at = v_now + make_interval(secs => p_lease_ms / 1000.0) where name = p_rail;
  end if;
  with candidate as (
    select t.id from transfer t
    where t.rail = p_rail and t.state = 'scheduled' and (t.next_at <= v_now or (t.next_what = 'send_when_rail_opens' and t.carrier is null))
      and not exists (select 1 from transfer x where x.source_account_id = t.source_account_id and x.rail = t.rail and x.id <> t.id
        and ((x.state = 'scheduled' and x.carrier is not null and x.next_at > v_now) or (x.state = 'submitting' and x.carrier <> x.created_by_group)))
    order by case when v_probe then coalesce(array_position(q.probed_tenants, t.tenant_id::text), 0) end,
      case when v_probe then coalesce(array_position(q.probed_banks, t.tenant_id || '/' || (t.destination_bank ->> 'routingNumber')), 0) end,
      case when v_probe then coalesce((select max(s.granted_at) from send s where s.transfer_id = t.id), '-infinity') end, t.id
    limit v_limit for no key update of t skip locked
  ), taken as (
    update transfer t set carrier = p_carrier, next_at = v_now + make_interval(secs => p_lease_ms / 1000.0), next_what = 'send', waiting_for = 'worker'
    from candidate c where t.id = c.id returning t.id
  )
  select array_agg(id order by id) into v_ids from taken;
  if v_probe and v_ids is not null then
    select t.tenant_id::text, t.tenant_id || '/' || (t.destination_bank ->> 'routingNumber') into v_tenant, v_bank from transfer t where t.id = v_ids[1];
    update rail set probed_tenants = (array_remove(q.probed_tenants, v_tenant) || v_tenant)[greatest(cardinality(q.probed_tenants) - 62, 1):],
      probed_banks = (array_remove(q.probed_banks, v_bank) || v_bank)[greatest(cardinality(q.probed_banks) - 62, 1):] where name = p_rail;
  end if;
  if v_ids is null then
    select ceil(extract(epoch from min(t.next_at) - v_now) * 1000)::bigint into v_wait from transfer t where t.rail = p_rail and t.state = 'scheduled';
  end if;
  return jsonb_build_object('ids', to_jsonb(coalesce(v_ids, '{}')), 'probe', v_probe, 'wait_ms', v_wait);
end $$;

-- First step of a drain's group: what was taken goes on its way. Run twice = once: a row is moved only if this carrier holds it,
-- and one that it has moved already is told as moved. Returns {outcomes: [{id, state}], balances, endpoints}.
create function ledger.due(p_ids uuid[], p_carrier uuid, p_worker_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  t transfer; h hold; v_last timestamptz; v_at timestamptz; v_batch bigint; v_to text; v_event text; v_entry uuid; v_entries int := 0; v_next timestamptz; v_id uuid; v_closed boolean;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_balances jsonb; v_endpoints uuid[]; v_out jsonb[] := '{}';
begin
  perform assert_read_committed();
  if cardinality(p_ids) > 500 then raise exception 'a group has at most 500 members'; end if;
  perform 1 from transfer x where x.id = any(p_ids) order by x.id for no key update;
  select max(b.last_at) into v_last from (select x.* from balance x where x.account_id = any(array(
      select h_.account_id from hold h_ where h_.transfer_id = any(p_ids) union select h_.counter_account_id from hold h_ where h_.transfer_id = any(p_ids)))
    order by x.account_id for no key update) b;
  v_at := commit_time(v_last);
  foreach v_id in array (select coalesce(array_agg(x order by x), '{}') from unnest(p_ids) x) loop
    select * into t from transfer where id = v_id;
    select * into h from hold where transfer_id = v_id;
    if t.state = 'scheduled' and t.carrier = p_carrier then
      v_entry := null; v_next := null; v_event := 'due';
      if t.rail = 'book' then
        select b.status = 'closed' into v_closed from balance b where b.account_id = h.counter_account_id;
        if v_closed then v_event := 'impossible'; v_to := 'failed';
          v_moves := v_moves || row(t.id, t.tenant_id, null, 1, 'release', h.account_id, h.counter_account_id, h.amount)::move;
        else v_to := 'completed'; v_entry := uuid_v7(v_at); v_entries := v_entries + 1;
          v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'capture', h.account_id, h.counter_account_id, h.amount)::move;
        end if;
        update hold set state = case v_to when 'completed' then 'captured' else 'released' end, closed_at = v_at where transfer_id = t.id and state = 'active';
        if not found then raise exception 'transfer % has no active hold', t.id; end if;
      else v_to := 'submitting'; v_next := v_at + make_interval(secs => p_worker_ms / 1000.0);
      end if;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v_event, v_to, jsonb_strip_nulls(jsonb_build_object('cause', 'drain', 'entry_id', v_entry,
        'next', case when v_next is not null then jsonb_build_object('what', 'send', 'at', rfc3339(v_next), 'waiting_for', 'worker') end,
        'refusal', case when v_to = 'failed' then jsonb_build_object('code', 'account_closed') end)))::step;
      update transfer set state = v_to, event = v_event, version = version + 1, updated_at = v_at, state_since = v_at,
        next_what = case when v_next is not null then 'send' end, next_at = v_next, waiting_for = case when v_next is not null then 'worker' end,
        carrier = case when v_to = 'submitting' then carrier end, entry_id = coalesce(v_entry, entry_id),
        completed_at = case when v_to = 'completed' then v_at end, refusal_code = case when v_to = 'failed' then 'account_closed' end
        where id = t.id;
      v_out := v_out || jsonb_build_object('id', t.id, 'state', v_to);
    else
      -- Not ours to move: ours from an earlier run (submitting under this carrier), or somebody else's by now.
      v_out := v_out || jsonb_build_object('id', v_id, 'state', case when t.carrier is distinct from p_carrier and t.state in ('scheduled', 'submitting') then 'elsewhere' else t.state end);
    end if;
  end loop;
  if cardinality(v_steps) > 0 then
    v_batch := new_batch(v_at, cardinality(p_ids), v_entries);
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;
  return jsonb_build_object('outcomes', to_jsonb(v_out), 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;

-- Counts what a rail answered, for the breaker that all workers share. It opens when enough of a window failed, for more than one
-- bank, and for more than one tenant unless nobody at all had a good answer: one customer's bad numbers must not close the rail
-- for the others. It closes on the first good answer. A bad source is `tenant/bank`. Returns the breaker's state after it.
create function ledger.observe_rail(p_rail text, p_good int, p_bad int, p_bad_sources text[], p_failures int, p_window_ms int, p_open_ms int) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare q rail; v_now timestamptz := clock_timestamp(); v_tenants int; v_banks int;
begin
  select * into q from rail where name = p_rail for update;
  if q.breaker = 'open' then
    if p_good > 0 then
      update rail set breaker = 'closed', probe_at = null, good = 0, bad = 0, bad_sources = '{}', window_started_at = v_now, changed_at = v_now where name = p_rail;
      return 'closed';
    end if;
    if p_bad > 0 then update rail set probe_at = v_now + make_interval(secs => p_open_ms / 1000.0) where name = p_rail; end if;
    return 'open';
  end if;
  if q.window_started_at < v_now - make_interval(secs => p_window_ms / 1000.0) then
    q.good := 0; q.bad := 0; q.bad_sources := '{}'; q.window_started_at := v_now;
  end if;
  q.good := least(q.good + p_good, 1000000); q.bad := least(q.bad + p_bad, 1000000);
  -- A handful of sources is enough to know that it is not one customer's doing.
  q.bad_sources := (array(select distinct x from unnest(q.bad_sources || p_bad_sources) x order by x))[1:8];
  select count(distinct split_part(x, '/', 1)), count(distinct split_part(x, '/', 2)) into v_tenants, v_banks from unnest(q.bad_sources) x;
  if q.bad >= p_failures and q.bad * 2 >= q.good + q.bad and v_banks >= 2 and (v_tenants >= 2 or q.good = 0) then
    update rail set breaker = 'open', probe_at = v_now + make_interval(secs => p_open_ms / 1000.0), good = q.good, bad = q.bad,
      bad_sources = q.bad_sources, window_started_at = q.window_started_at, changed_at = v_now where name = p_rail;
    return 'open';
  end if;
  update rail set good = q.good, bad = q.bad, bad_sources = q.bad_sources, window_started_at = q.window_started_at where name = p_rail;
  return 'closed';
end $$;

-- An operator's hold on a rail: nothing new is sent until it is lifted (p_held_by null).
create function ledger.hold_rail(p_rail text, p_held_by text) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update rail set held_by = p_held_by, changed_at = now() where name = p_rail;
  if not found then raise exception 'no such rail: %', p_rail; end if;
  perform write_audit(coalesce(p_held_by, 'operator'), null, case when p_held_by is null then 'rail.released' else 'rail.held' end, p_rail, '{}');
end $$;

-- Rows whose `next_at` passed by more than the grace, whatever Temporal says; not those that wait for a rail or a date.
-- Returns [{transfer_id, state, rail}], the oldest first.
create function ledger.overdue(p_grace_ms int, p_limit int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('transfer_id', x.id, 'state', x.state, 'rail', x.rail)), '[]') from (
    select t.id, t.state, t.rail from transfer t
    where t.state in ('submitting', 'unknown') and t.rail in (select name from rail)
      and t.next_at < clock_timestamp() - make_interval(secs => p_grace_ms / 1000.0)
    order by t.next_at limit least(p_limit, 500)) x
$$;
