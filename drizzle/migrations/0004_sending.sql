-- Locks: none, new functions only.
-- Who may put an attempt on the network, and what its outcomes make of the transfer.

-- What a sender must know of an attempt to put it on the network.
create function ledger.instruction(t ledger.transfer, a ledger.attempt) returns jsonb language sql stable
  return jsonb_build_object('rail_key', a.rail_key, 'tenant_id', t.tenant_id, 'amount', t.amount::text, 'currency', t.currency,
    'destination', t.destination_bank, 'created_at', ledger.rfc3339(a.created_at));

-- Grants sends. One {id, sender, carrier, lease_ms, deduplicates_ms, probe} per transfer. The same sender asking again while its lease
-- lives gets the same grant. Granted only if the transfer is `submitting` and carried by the caller's group, nobody else's lease
-- lives, and either nothing is unresolved or the rail deduplicates and this lease ends before the oldest unresolved grant leaves
-- the rail's window. While the breaker is open only a probe is granted; while an operator holds the rail, nothing.
-- Returns one {id, granted, why, n, attempt} per command. `why` of a no: gone, state, carrier, leased, window, rail_closed,
-- worn_out (a thousand sends were not taken; a person was asked to look long before).
create function ledger.claim(p_commands jsonb) returns jsonb
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
      when t.id is null or a.transfer_id is null then 'gone'
      when t.state <> 'submitting' then 'state'
      when t.carrier is distinct from c.carrier then 'carrier'
      when q.held_by is not null then 'rail_closed'
      -- The same grant again.
      when s.lease_until > v_now and s.sender = c.sender then null
      when s.lease_until > v_now then 'leased'
      when v_oldest is not null and (c.deduplicates_ms is null or v_until >= v_oldest + make_interval(secs => c.deduplicates_ms / 1000.0)) then 'window'
      when q.breaker = 'open' and not c.probe then 'rail_closed'
      when v_sends >= 1000 then 'worn_out'
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

-- What anybody learnt about an attempt: a sender's outcome, an inquiry's finding, a wish to put off.
--   source: reply, inquiry, report, carrier, watch. send_n: the send it speaks for; null: it speaks for the rail key.
--   outcome: accepted, rejected, not_taken, not_sent, unknown, absent, put_off
--   next_in_ms: until the next inquiry, or the next send; retry_ms: until the next send, where the two differ
create type ledger.report as (transfer_id uuid, source text, outcome text, send_n int, decisive boolean, code text, rail_reference text, carrier uuid,
  asked_at timestamptz, next_in_ms bigint, retry_ms bigint, quiet_ms bigint, deduplicates_ms bigint, lease_ms bigint, give_up_ms bigint);

-- What the book knows of an attempt's sends. `unresolved`: nobody has said, and it may still be taken. `live`: somebody may still send.
create type ledger.doubt as (sends int, unresolved int, live boolean, oldest timestamptz, last_grant timestamptz, last_lease timestamptz);

create function ledger.doubt_about(p_transfer uuid, p_now timestamptz) returns ledger.doubt language sql stable set search_path = ledger, pg_temp as $$
  select row(coalesce(max(x.n), 0), count(*) filter (where x.outcome is null or x.outcome = 'unknown'),
      coalesce(bool_or(x.outcome is null and x.lease_until > p_now), false),
      min(x.granted_at) filter (where x.outcome is null or x.outcome = 'unknown'), max(x.granted_at), max(x.lease_until))::doubt
    from send x where x.transfer_id = p_transfer and x.attempt_n = 1
$$;

-- A step through the state table, or nulls: the report changes no state.
create type ledger.verdict as (event text, to_state text);

-- "Not there" proves something only if nothing is in doubt, or if it was asked late enough, nothing was granted since, and the rail
-- would know a repeat for as long as the next send takes.
create function ledger.proves_absence(r ledger.report, x ledger.doubt, p_now timestamptz) returns boolean language sql immutable
  return x.unresolved = 0 or coalesce(r.asked_at > x.last_lease + make_interval(secs => r.quiet_ms / 1000.0) and r.asked_at > x.last_grant
    and p_now + make_interval(secs => r.lease_ms / 1000.0) < x.oldest + make_interval(secs => r.deduplicates_ms / 1000.0), false);

-- What a report makes of a transfer, by its outcome. Proof is never refused: accepted and rejected count in every state.
create function ledger.verdict_on(r ledger.report, t ledger.transfer, a ledger.attempt, x ledger.doubt, p_now timestamptz) returns ledger.verdict
language sql immutable
  return case r.outcome
    when 'accepted' then case
      when t.state in ('scheduled', 'submitting', 'unknown') then row('accepted', 'completed')::ledger.verdict
      -- The rail took what we had given back. The customer is not touched: the platform carries it until a person decides.
      when t.state in ('rejected', 'failed', 'cancelled') and a.contradicted_at is null then row('contradicted', t.state)::ledger.verdict
    end
    when 'rejected' then case
      when t.state in ('scheduled', 'submitting', 'unknown') and (r.decisive or x.unresolved = 0) then row('rejected', 'rejected')::ledger.verdict
      when t.state in ('scheduled', 'submitting') then row('rejected', 'unknown')::ledger.verdict
      when t.state in ('completed', 'reversed') and a.contradicted_at is null then row('contradicted', t.state)::ledger.verdict
    end
    when 'not_taken' then case
      when t.state in ('submitting', 'unknown') and x.unresolved = 0 then row('not_taken', 'scheduled')::ledger.verdict
      when t.state = 'submitting' then row('not_taken', 'unknown')::ledger.verdict
    end
    when 'unknown' then case
      when t.state = 'submitting' and not x.live and r.send_n is not null then row('no_answer', 'unknown')::ledger.verdict
    end
    when 'absent' then case
      when t.state = 'unknown' and ledger.proves_absence(r, x, p_now) then row('absent', 'scheduled')::ledger.verdict
    end
    else case -- put_off, not_sent
      -- Only the group that carries the transfer puts it off, or anybody once it is overdue and no lease lives.
      when t.state = 'submitting' and not x.live and (t.carrier = r.carrier or r.carrier is null and t.next_at < p_now) then
        case when x.unresolved = 0 then row('put_off', 'scheduled')::ledger.verdict else row('no_answer', 'unknown')::ledger.verdict end
      -- A sender that slept past its lease says that it never sent: nothing is in doubt any more.
      when t.state = 'unknown' and r.outcome = 'not_sent' and x.unresolved = 0 then row('not_taken', 'scheduled')::ledger.verdict
    end
  end;

-- What happens next to a transfer in p_to after a report, who is waited for, and whether a person should look; null: nothing changes.
create type ledger.prospect as (what text, next_at timestamptz, waiting_for text, attention text);

create function ledger.prospect_of(p_to text, r ledger.report, t ledger.transfer, x ledger.doubt, q ledger.rail, p_now timestamptz) returns ledger.prospect
language plpgsql stable set search_path = ledger, pg_temp as $$
declare
  v prospect;
  v_pause interval := make_interval(secs => coalesce(case p_to when 'scheduled' then r.retry_ms end, r.next_in_ms, 1000) / 1000.0);
  -- A round is a send or, where nobody sends, two events: due and put off.
  v_rounds int := greatest(x.sends, t.version / 2);
begin
  v.attention := t.attention_reason;
  if p_to = 'unknown' then
    v.what := 'inquire'; v.waiting_for := 'answer'; v.next_at := p_now + v_pause;
    -- "Not there" came too early to prove anything: as soon as it would, it is asked again.
    if r.outcome = 'absent' and x.last_lease + make_interval(secs => r.quiet_ms / 1000.0) > r.asked_at then
      v.next_at := least(v.next_at, greatest(x.last_lease + make_interval(secs => (r.quiet_ms + 100) / 1000.0), p_now));
    end if;
    -- Counted from the first send that is in doubt, because each new send begins the state anew.
    if t.state = 'unknown' and p_now > least(t.state_since, coalesce(x.oldest, t.state_since)) + make_interval(secs => r.give_up_ms / 1000.0) then
      v.attention := coalesce(v.attention, 'unknown_too_long');
    end if;
  elsif p_to = 'scheduled' then
    v.what := 'send_again'; v.waiting_for := 'rail';
    -- The pause doubles with every round, to five minutes: a bank that never takes one transfer, or a rail that nobody works for,
    -- must not be tried for ever at full speed. What was found absent once need not wait.
    v.next_at := case when r.outcome = 'absent' and x.sends < 2 then p_now
      else p_now + greatest(v_pause, least(v_pause * 2 ^ least(greatest(v_rounds - 1, 0), 20), interval '5 minutes')) end;
    v.attention := coalesce(v.attention, case when x.sends >= 20 then 'not_taken_many_times' when x.sends = 0 and v_rounds >= 10 then 'not_sent_many_times' end);
    if q.breaker = 'open' or q.held_by is not null then
      v.what := 'send_when_rail_opens'; v.next_at := greatest(coalesce(q.probe_at, p_now), v.next_at);
    end if;
    -- No send is left to it: a person decides. It is looked at daily, and takes nobody's turn as a probe.
    if x.sends >= 1000 then v.what := 'send_again'; v.waiting_for := 'person'; v.next_at := p_now + interval '1 day'; end if;
  elsif v.attention in ('unknown_too_long', 'not_taken_many_times', 'not_sent_many_times') then
    -- It came to an end, so nobody need look any more.
    v.attention := null;
  end if;
  return v;
end $$;

-- Takes reports, at most one for a transfer. Twice is once. Returns {outcomes: [{transfer_id, state, event, next_at, next_what}], balances,
-- endpoints, attentions: [{transfer_id, reason}]}: those that want a person since now.
create function ledger.conclude(p_reports jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  -- Of each report r: its transfer, attempt, send, hold and rail; the doubt before it, the verdict on it, the prospect after it.
  r report; t transfer; a attempt; s send; h hold; q rail; x doubt; v verdict; p prospect;
  v_ids uuid[]; v_n int; v_seats seat[]; v_suspense uuid; v_at timestamptz; v_now timestamptz; v_batch bigint; v_entry uuid; v_refusal text; v_isnew boolean;
  -- Whether the prospect holds: after a step, or in a doubt that goes on.
  v_goes_on boolean;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_entries int := 0; v_balances jsonb; v_endpoints uuid[]; v_out jsonb[] := '{}'; v_attentions jsonb[] := '{}';
begin
  perform assert_read_committed();
  select array_agg(y.transfer_id order by y.transfer_id), count(*) into v_ids, v_n from jsonb_populate_recordset(null::report, p_reports) y;
  if v_n > 500 or v_n <> (select count(distinct y) from unnest(v_ids) y) then raise exception 'a batch takes at most 500 reports, one for a transfer'; end if;
  perform 1 from transfer y where y.id = any(v_ids) order by y.id for no key update;
  -- Every account that a capture, a release or a contradiction may touch.
  v_seats := lock_accounts(array(
    select y.account_id from hold y where y.transfer_id = any(v_ids)
    union select y.counter_account_id from hold y where y.transfer_id = any(v_ids)
    union select k.id from transfer y join account k on k.tenant_id = y.tenant_id and k.currency = y.currency and k.kind = 'suspense'
      where y.id = any(v_ids) and y.state in ('rejected', 'failed', 'cancelled')));
  v_at := commit_time(v_seats, v_ids);
  v_now := date_trunc('milliseconds', clock_timestamp());

  foreach r in array (select coalesce(array_agg(jsonb_populate_record(null::report, y.e) order by y.o), '{}') from jsonb_array_elements(p_reports) with ordinality y(e, o)) loop
    if r.outcome not in ('accepted', 'rejected', 'not_taken', 'not_sent', 'unknown', 'absent', 'put_off') then raise exception 'no such outcome: %', r.outcome; end if;
    select * into t from transfer where id = r.transfer_id;
    select * into a from attempt where transfer_id = r.transfer_id and n = 1;
    select * into h from hold where transfer_id = r.transfer_id;
    select * into q from rail where name = t.rail;
    if a.transfer_id is null then raise exception 'transfer % has no attempt', r.transfer_id; end if;
    v_refusal := null; v_entry := null;

    if r.send_n is not null then
      select * into s from send where transfer_id = t.id and attempt_n = 1 and n = r.send_n;
      if s.n is null then raise exception 'transfer % has no send %', t.id, r.send_n; end if;
      -- Only what is still open on this send is written; a decisive word stands. One whose lease ran out is marked unknown without a
      -- code (ledger.claim): what its sender says of it at last is news.
      v_isnew := s.outcome is null or s.outcome = 'unknown' and (s.code is null or r.outcome in ('accepted', 'rejected', 'not_taken', 'not_sent'));
      if v_isnew then
        update send set outcome = r.outcome, code = r.code, answered_at = v_now where transfer_id = t.id and attempt_n = 1 and n = r.send_n;
      elsif r.outcome not in ('accepted', 'rejected') then
        v_out := v_out || jsonb_build_object('transfer_id', t.id, 'state', t.state, 'next_at', rfc3339(t.next_at), 'next_what', t.next_what);
        continue;
      end if;
    end if;
    x := doubt_about(t.id, v_now);
    v := verdict_on(r, t, a, x, v_now);
    p := prospect_of(coalesce(v.to_state, t.state), r, t, x, q, v_now);
    v_goes_on := v.event is not null or t.state = 'unknown';

    if v.event = 'contradicted' then
      p.attention := 'contradicted';
      if r.outcome = 'accepted' then
        select k.id into v_suspense from account k where k.tenant_id = t.tenant_id and k.currency = t.currency and k.kind = 'suspense';
        v_entry := uuid_v7(v_at);
        v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'post', v_suspense, a.clearing_account_id, t.amount)::move;
      end if;
    elsif v.to_state = 'completed' then
      v_entry := uuid_v7(v_at);
      v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'capture', h.account_id, h.counter_account_id, h.amount)::move;
      update hold set state = 'captured', closed_at = v_at where transfer_id = t.id;
    elsif v.to_state = 'rejected' then
      v_refusal := 'rail_rejected';
      v_moves := v_moves || row(t.id, t.tenant_id, null, 1, 'release', h.account_id, h.counter_account_id, h.amount)::move;
      update hold set state = 'released', closed_at = v_at where transfer_id = t.id;
    end if;
    if p.attention is distinct from t.attention_reason and p.attention is not null and v_goes_on then
      v_attentions := v_attentions || jsonb_build_object('transfer_id', t.id, 'reason', p.attention);
    end if;
    if r.outcome in ('accepted', 'rejected') and v.event is not null then
      update attempt set outcome = case v.to_state when 'completed' then 'accepted' when 'rejected' then 'rejected' else outcome end,
        rail_reference = coalesce(r.rail_reference, rail_reference), code = coalesce(r.code, code),
        contradicted_at = case v.event when 'contradicted' then v_at else contradicted_at end where transfer_id = t.id and n = 1;
    end if;
    if r.source = 'inquiry' then
      update attempt set inquiries = inquiries + 1, asked_at = r.asked_at where transfer_id = t.id and n = 1;
    end if;

    if v.event is not null then
      v_entries := v_entries + (v_entry is not null)::int;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v.event, v.to_state, jsonb_strip_nulls(jsonb_build_object('cause', r.source, 'code', r.code,
        'rail_reference', r.rail_reference, 'send', r.send_n, 'entry_id', v_entry, 'next', next_of(p.what, p.next_at, p.waiting_for),
        'refusal', case when v_refusal is not null then jsonb_build_object('code', v_refusal, 'detail', r.code) end)))::step;
      update transfer set state = v.to_state, event = v.event, version = version + 1, updated_at = v_at,
        state_since = case when v.to_state = t.state then state_since else v_at end, next_what = p.what, next_at = p.next_at, waiting_for = p.waiting_for,
        carrier = case when v.to_state = 'submitting' then carrier end,
        refusal_code = coalesce(v_refusal, refusal_code), refusal_detail = case when v_refusal is not null then r.code else refusal_detail end,
        entry_id = case when v.event = 'contradicted' then entry_id else coalesce(v_entry, entry_id) end,
        completed_at = case when v.event = 'accepted' then v_at else completed_at end,
        attention_reason = p.attention, attention_since = case when p.attention is null then null when p.attention is distinct from t.attention_reason then v_at else attention_since end
        where id = t.id;
    elsif v_goes_on then
      update transfer set next_what = p.what, next_at = p.next_at, waiting_for = p.waiting_for, attention_reason = p.attention,
        attention_since = case when p.attention is distinct from t.attention_reason then v_at else attention_since end where id = t.id;
    end if;
    v_out := v_out || jsonb_build_object('transfer_id', t.id, 'state', coalesce(v.to_state, t.state), 'event', v.event,
      'next_at', rfc3339(case when v_goes_on then p.next_at else t.next_at end),
      'next_what', case when v_goes_on then p.what else t.next_what end);
  end loop;

  if cardinality(v_steps) > 0 then
    v_batch := new_batch(v_at, v_n, v_entries);
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;
  return jsonb_build_object('outcomes', to_jsonb(v_out), 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')),
    'attentions', to_jsonb(v_attentions));
end $$;
