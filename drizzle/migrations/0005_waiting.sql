-- Locks: none, new functions only.
-- What waits as a row: taken when due, carried by a group, watched when overdue.

-- Accounts whose transfers on a rail are on their way by a drain: they are left alone, so that one account's transfers go in turn.
create function ledger.busy_accounts(p_rail text, p_now timestamptz) returns setof uuid language sql stable set search_path = ledger, pg_temp as $$
  select t.source_account_id from transfer t where t.rail = p_rail
    and (t.state = 'scheduled' and t.carrier is not null and t.next_at > p_now or t.state = 'submitting' and t.carrier <> t.created_by_group)
$$;

-- The rows that a drain may take now, those that were reserved first before the others. Two plain walks along an index, because
-- after an outage there may be a hundred thousand rows, of which the planner knows nothing yet.
create function ledger.due_rows(p_rail text, p_now timestamptz, p_limit int) returns uuid[] language sql stable set search_path = ledger, pg_temp as $$
  with busy as materialized (select distinct busy_accounts(p_rail, p_now) as account_id),
  in_line as (
    -- send_when_rail_opens: its next_at was a guess at the probe, and the rail is open now.
    select t.id from transfer t where t.rail = p_rail and t.state = 'scheduled' and t.waiting_for = 'rail'
      and (t.next_at <= p_now or t.next_what = 'send_when_rail_opens') and t.source_account_id not in (select account_id from busy)
    order by t.id limit p_limit
  ), fallen_due as (
    select t.id from transfer t where t.rail = p_rail and t.state = 'scheduled' and t.next_at <= p_now and t.waiting_for <> 'rail'
      and t.source_account_id not in (select account_id from busy)
    order by t.next_at limit p_limit
  )
  select array_agg(x.id) from (select id from in_line union all select id from fallen_due order by id limit p_limit) x
$$;

-- The one row that tries an open breaker: of the tenant that probed longest ago, to its bank that was probed longest ago, the row
-- that was tried longest ago. So nobody's failing transfers, however many, keep the rail closed for others by more than a turn each.
create function ledger.next_probe(q ledger.rail, p_now timestamptz) returns uuid[] language sql stable set search_path = ledger, pg_temp as $$
  with busy as materialized (select distinct busy_accounts(q.name, p_now) as account_id)
  select array_agg(x.id) from (
    select t.id from transfer t where t.rail = q.name and t.state = 'scheduled' and t.waiting_for <> 'person'
      and (t.next_at <= p_now or t.next_what = 'send_when_rail_opens' and t.carrier is null)
      and t.source_account_id not in (select account_id from busy)
    order by coalesce(array_position(q.probed_tenants, t.tenant_id::text), 0),
      coalesce(array_position(q.probed_banks, t.tenant_id || '/' || (t.destination_bank ->> 'routingNumber')), 0), t.state_since, t.id
    limit 1) x
$$;

-- Takes due rows of a rail for a new group: one commit sets `carrier`, and `next_at` a lease ahead, so a lost start falls due again.
-- While the breaker is open nothing is taken but, once its time has come, one row as a probe; while an operator holds the rail, nothing.
-- Returns {ids, probe, wait_ms}: how long until the next is due, null when none waits or the rail is held.
create function ledger.take_due(p_rail text, p_carrier uuid, p_limit int, p_lease_ms int) returns jsonb
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

-- A probe is on its way: nobody sends another until its lease is over, and its tenant and bank go to the back of the line.
-- The last 63 of each are remembered; whoever was before them counts as never probed.
create function ledger.note_probe(q ledger.rail, p_transfer uuid, p_until timestamptz) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  update rail r set probe_at = p_until,
    probed_tenants = (array_remove(q.probed_tenants, x.tenant) || x.tenant)[greatest(cardinality(q.probed_tenants) - 62, 1):],
    probed_banks = (array_remove(q.probed_banks, x.bank) || x.bank)[greatest(cardinality(q.probed_banks) - 62, 1):]
  from (select t.tenant_id::text as tenant, t.tenant_id || '/' || (t.destination_bank ->> 'routingNumber') as bank from transfer t where t.id = p_transfer) x
  where r.name = q.name
$$;

-- First step of a drain's group: what was taken goes on its way. Run twice = once: a row is moved only if this carrier holds it,
-- and one that it has moved already is told as moved. The n-th carrier is that of the n-th id. Returns {outcomes: [{id, state}], balances, endpoints}; state is
-- `elsewhere` where another carrier has it.
create function ledger.due(p_ids uuid[], p_carriers uuid[], p_worker_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  t transfer; h hold; v_at timestamptz; v_now timestamptz; v_batch bigint; v_to text; v_event text; v_entry uuid; v_entries int := 0; v_next timestamptz; v_id uuid; v_carrier uuid; v_closed boolean;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_balances jsonb; v_endpoints uuid[]; v_out jsonb[] := '{}';
begin
  perform assert_read_committed();
  if cardinality(p_ids) > 500 or cardinality(p_ids) <> cardinality(p_carriers) then raise exception 'at most 500 rows, each with its carrier'; end if;
  perform 1 from transfer x where x.id = any(p_ids) order by x.id for no key update;
  v_at := commit_time(lock_accounts(array(
    select y.account_id from hold y where y.transfer_id = any(p_ids) union select y.counter_account_id from hold y where y.transfer_id = any(p_ids))), p_ids);
  v_now := date_trunc('milliseconds', clock_timestamp());
  for v_id, v_carrier in select x.id, x.carrier from unnest(p_ids, p_carriers) with ordinality x(id, carrier, o) order by x.o loop
    select * into t from transfer where id = v_id;
    select * into h from hold where transfer_id = v_id;
    if t.state = 'scheduled' and t.carrier = v_carrier then
      v_entry := null; v_next := null; v_event := 'due';
      if t.rail = 'book' then
        select b.status = 'closed' into v_closed from balance b where b.account_id = h.counter_account_id;
        if v_closed then
          v_event := 'impossible'; v_to := 'failed';
          v_moves := v_moves || row(t.id, t.tenant_id, null, 1, 'release', h.account_id, h.counter_account_id, h.amount)::move;
        else
          v_to := 'completed'; v_entry := uuid_v7(v_at); v_entries := v_entries + 1;
          v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'capture', h.account_id, h.counter_account_id, h.amount)::move;
        end if;
        update hold set state = case v_to when 'completed' then 'captured' else 'released' end, closed_at = v_at where transfer_id = t.id;
      else
        v_to := 'submitting'; v_next := v_now + make_interval(secs => p_worker_ms / 1000.0);
      end if;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v_event, v_to, jsonb_strip_nulls(jsonb_build_object('cause', 'drain', 'entry_id', v_entry,
        'next', next_of('send', v_next, 'worker'),
        'refusal', case when v_to = 'failed' then jsonb_build_object('code', 'account_closed') end)))::step;
      update transfer set state = v_to, event = v_event, version = version + 1, updated_at = v_at, state_since = v_at,
        next_what = case when v_next is not null then 'send' end, next_at = v_next, waiting_for = case when v_next is not null then 'worker' end,
        carrier = case when v_to = 'submitting' then carrier end, entry_id = coalesce(v_entry, entry_id),
        completed_at = case when v_to = 'completed' then v_at end, refusal_code = case when v_to = 'failed' then 'account_closed' end
        where id = t.id;
      v_out := v_out || jsonb_build_object('id', t.id, 'state', v_to);
    else
      -- Not ours to move: ours from an earlier run (submitting under this carrier), or somebody else's by now.
      v_out := v_out || jsonb_build_object('id', v_id, 'state', case when t.carrier is distinct from v_carrier and t.state in ('scheduled', 'submitting') then 'elsewhere' else t.state end);
    end if;
  end loop;
  if cardinality(v_steps) > 0 then
    v_batch := new_batch(v_at, cardinality(p_ids), v_entries);
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;
  return jsonb_build_object('outcomes', to_jsonb(v_out), 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;

-- Of many sources (`tenant/bank`) at most two of each of four tenants: no tenant's many banks push another one out.
create function ledger.few_sources(p_sources text[]) returns text[] language sql immutable set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(y.source order by y.source), '{}') from (
    select x.source, row_number() over (partition by split_part(x.source, '/', 1) order by x.source) as n,
      dense_rank() over (order by split_part(x.source, '/', 1)) as tenant
    from (select distinct unnest(p_sources) as source) x) y
  where y.n <= 2 and y.tenant <= 4
$$;

-- Counts what a rail answered, for the breaker that all workers share. It opens when enough of a window failed, for more than one
-- bank, and for more than one tenant unless nobody at all had a good answer: one customer's bad numbers must not close the rail
-- for the others. It closes on the first good answer. A bad source is `tenant/bank`. Returns the breaker's state after it.
create function ledger.observe_rail(p_rail text, p_good int, p_bad int, p_bad_sources text[], p_failures int, p_window_ms int, p_open_ms int) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare q rail; v_now timestamptz; v_tenants int; v_banks int;
begin
  select * into q from rail where name = p_rail for no key update;
  v_now := clock_timestamp();
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
  -- Two sources of each of four tenants are enough to know that it is not one customer's doing.
  q.bad_sources := few_sources(q.bad_sources || p_bad_sources);
  select count(distinct split_part(x, '/', 1)), count(distinct split_part(x, '/', 2)) into v_tenants, v_banks from unnest(q.bad_sources) x;
  if q.bad >= p_failures and q.bad * 2 >= q.good + q.bad and v_banks >= 2 and (v_tenants >= 2 or q.good = 0) then
    update rail set breaker = 'open', probe_at = v_now + make_interval(secs => p_open_ms / 1000.0), good = q.good, bad = q.bad,
      bad_sources = q.bad_sources, window_started_at = q.window_started_at, changed_at = v_now where name = p_rail;
    return 'open';
  end if;
  update rail set good = q.good, bad = q.bad, bad_sources = q.bad_sources, window_started_at = q.window_started_at where name = p_rail;
  return 'closed';
end $$;

-- An operator's hold on a rail: nothing new is sent until it is lifted (p_why null). The hold shows who holds it and why.
create function ledger.hold_rail(p_rail text, p_actor text, p_why text) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update rail set held_by = p_actor || ': ' || p_why, changed_at = now() where name = p_rail;
  if not found then raise exception 'no such rail: %', p_rail; end if;
  perform write_audit(p_actor, null, case when p_why is null then 'rail.released' else 'rail.held' end, p_rail, jsonb_build_object('why', p_why));
end $$;

-- Rows whose `next_at` passed by more than the grace, whatever Temporal says. Of those that a drain should take only where it took
-- nothing for three times the grace and the rail is open: a line that moves is no alarm. Nor is a row late whose group has another one
-- under way: an account's transfers go in turn, and the last of five hundred may rightly wait for minutes. At most p_limit of each state, in an order
-- that is another one at each look, so that rows nobody can repair never stand before the others. Returns [{transfer_id, state, rail}].
create function ledger.overdue(p_grace_ms int, p_limit int) returns jsonb
language sql volatile security definer set search_path = ledger, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('transfer_id', x.id, 'state', x.state, 'rail', x.rail)), '[]')
  from (values ('submitting', 1), ('unknown', 1), ('scheduled', 3)) s(state, graces) cross join lateral (
    select t.id, t.state, t.rail from transfer t join rail r on r.name = t.rail
    where t.state = s.state and t.next_at < (select clock_timestamp()) - s.graces * make_interval(secs => p_grace_ms / 1000.0)
      and (t.carrier is null or t.next_what <> 'send' or t.carrier not in (
        select y.carrier from transfer y where y.state = 'submitting' and y.next_what = 'await_answer' and y.next_at > clock_timestamp() and y.carrier is not null))
      and (t.state <> 'scheduled' or r.breaker = 'closed' and r.held_by is null
        and r.taken_at < clock_timestamp() - s.graces * make_interval(secs => p_grace_ms / 1000.0))
    order by random() limit least(p_limit, 500)) x
$$;
