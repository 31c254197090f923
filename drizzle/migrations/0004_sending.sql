-- Locks: none, new functions only.
-- Who may put an attempt on the network, and what its outcomes make of the transfer.

-- Grants sends. The same sender asking again gets the same grant. Granted only if the transfer is `submitting` and carried by
-- the caller's group, nobody else's lease lives, and either nothing is unresolved or the rail deduplicates and this lease ends
-- before the oldest unresolved grant leaves the rail's window. While the breaker is open only a probe is granted.
-- Returns one {id, granted, why, n, lease_until, attempt} per id. `why` of a no: gone, state, carrier, leased, window, rail_closed,
-- worn_out (a thousand sends were not taken; a person was asked to look long before).
create function ledger.claim(p_ids uuid[], p_sender uuid, p_carrier uuid, p_lease_ms int, p_deduplicates_ms bigint, p_probe boolean) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  t transfer; a attempt; s send; v_now timestamptz; v_until timestamptz; v_why text; v_oldest timestamptz; v_open boolean; v_out jsonb[] := '{}'; v_id uuid;
begin
  perform assert_read_committed();
  if cardinality(p_ids) > 500 then raise exception 'a claim takes at most 500 transfers'; end if;
  foreach v_id in array (select coalesce(array_agg(x order by x), '{}') from unnest(p_ids) x) loop
    select * into t from transfer where id = v_id for no key update;
    v_now := clock_timestamp(); v_until := v_now + make_interval(secs => p_lease_ms / 1000.0); v_why := null;
    select * into a from attempt where transfer_id = v_id and n = 1;
    select * into s from send where transfer_id = v_id and attempt_n = 1 and sender = p_sender and outcome is null order by n desc limit 1;
    if s.n is null then
      select min(granted_at) into v_oldest from send where transfer_id = v_id and attempt_n = 1 and (outcome is null or outcome = 'unknown');
      select q.breaker = 'closed' and q.held_by is null into v_open from rail q where q.name = t.rail;
      v_why := case
        when t.id is null or a.transfer_id is null then 'gone'
        when t.state <> 'submitting' then 'state'
        when t.carrier is distinct from p_carrier then 'carrier'
        when exists (select 1 from send x where x.transfer_id = v_id and x.attempt_n = 1 and x.outcome is null and x.lease_until > v_now) then 'leased'
        when v_oldest is not null and (p_deduplicates_ms is null or v_until >= v_oldest + make_interval(secs => p_deduplicates_ms / 1000.0)) then 'window'
        when not v_open and not p_probe then 'rail_closed'
        when exists (select 1 from send x where x.transfer_id = v_id and x.attempt_n = 1 and x.n = 1000) then 'worn_out'
      end;
      if v_why is null then
        insert into send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until)
          select v_id, 1, coalesce(max(x.n), 0) + 1, t.tenant_id, p_sender, v_now, v_until from send x where x.transfer_id = v_id and x.attempt_n = 1
          returning * into s;
        -- Whoever must ask about this send asks soon at first, whatever it took to ask about the one before.
        update attempt set inquiries = 0 where transfer_id = v_id and n = 1 and inquiries > 0;
        update transfer set next_what = 'await_answer', next_at = v_until, waiting_for = 'worker' where id = v_id;
      end if;
    end if;
    v_out := v_out || jsonb_build_object('id', v_id, 'granted', v_why is null, 'why', v_why, 'n', s.n, 'lease_until', rfc3339(s.lease_until),
      'attempt', jsonb_build_object('rail_key', a.rail_key, 'tenant_id', t.tenant_id, 'account_id', t.source_account_id, 'amount', t.amount::text,
        'currency', t.currency, 'destination', t.destination_bank, 'created_at', rfc3339(a.created_at)));
  end loop;
  return to_jsonb(v_out);
end $$;

-- Takes what anybody learnt about attempts: a sender's outcome, an inquiry's finding, a wish to put off. One report each:
--   transfer_id, source (reply|inquiry|report|carrier|watch), outcome, send_n (the send it speaks for; null: it speaks for the key),
--   decisive, code, rail_reference, carrier, asked_at, next_in_ms, quiet_ms, deduplicates_ms, lease_ms, give_up_ms
-- outcomes: accepted, rejected, not_taken, not_sent, unknown, absent, put_off. Twice is once. Proof is never refused.
-- Two reports on one transfer must not share a batch. Returns {outcomes: [{transfer_id, state, event, next_at, next_what}], balances, endpoints}.
create function ledger.conclude(p_reports jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  r record; t transfer; a attempt; s send; h hold; q rail; v_ids uuid[]; v_suspense uuid; v_last timestamptz; v_at timestamptz; v_batch bigint; v_n int;
  v_unresolved int; v_sends int; v_live boolean; v_oldest timestamptz; v_last_grant timestamptz; v_last_lease timestamptz; v_absent boolean; v_entry uuid; v_next jsonb;
  v_event text; v_to text; v_what text; v_next_at timestamptz; v_wait_ms double precision; v_wait text; v_refusal text; v_attention text;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_entries int := 0; v_balances jsonb; v_endpoints uuid[]; v_out jsonb[] := '{}';
begin
  perform assert_read_committed();
  select array_agg(x.transfer_id order by x.transfer_id), count(*) into v_ids, v_n from jsonb_to_recordset(p_reports) x(transfer_id uuid);
  if v_n > 500 or v_n <> (select count(distinct x) from unnest(v_ids) x) then raise exception 'a batch takes at most 500 reports, one for a transfer'; end if;
  perform 1 from transfer x where x.id = any(v_ids) order by x.id for no key update;
  -- Every account that a capture, a release or a contradiction may touch, in id order.
  select max(b.last_at) into v_last from (select x.* from balance x where x.account_id = any(array(
      select h_.account_id from hold h_ where h_.transfer_id = any(v_ids)
      union select h_.counter_account_id from hold h_ where h_.transfer_id = any(v_ids)
      union select k.id from transfer t_ join account k on k.tenant_id = t_.tenant_id and k.currency = t_.currency and k.kind = 'suspense'
        where t_.id = any(v_ids) and t_.state in ('rejected', 'failed', 'cancelled')))
    order by x.account_id for no key update) b;
  v_at := commit_time(v_last);

  for r in select x.* from rows from (jsonb_to_recordset(p_reports) as (transfer_id uuid, source text, outcome text, send_n int, decisive boolean, code text,
      rail_reference text, carrier uuid, asked_at timestamptz, next_in_ms bigint, quiet_ms bigint, deduplicates_ms bigint, lease_ms bigint, give_up_ms bigint))
      with ordinality x order by x.ordinality loop
    if r.outcome not in ('accepted', 'rejected', 'not_taken', 'not_sent', 'unknown', 'absent', 'put_off') then raise exception 'no such outcome: %', r.outcome; end if;
    select * into t from transfer where id = r.transfer_id;
    select * into a from attempt where transfer_id = r.transfer_id and n = 1;
    select * into h from hold where transfer_id = r.transfer_id;
    if a.transfer_id is null then raise exception 'transfer % has no attempt', r.transfer_id; end if;
    v_event := null; v_to := null; v_what := null; v_next_at := null; v_wait := null; v_refusal := null; v_entry := null; v_attention := t.attention_reason; s := null; v_absent := false;

    if r.send_n is not null then
      select * into s from send where transfer_id = t.id and attempt_n = 1 and n = r.send_n;
      if s.n is null then raise exception 'transfer % has no send %', t.id, r.send_n; end if;
      -- Only what is still open on this send is written; a decisive word stands.
      if s.outcome is null or (s.outcome = 'unknown' and r.outcome in ('accepted', 'rejected', 'not_taken')) then
        update send set outcome = r.outcome, code = r.code, answered_at = v_at where transfer_id = t.id and attempt_n = 1 and n = r.send_n;
      elsif r.outcome not in ('accepted', 'rejected') then
        v_out := v_out || jsonb_build_object('transfer_id', t.id, 'state', t.state, 'next_at', rfc3339(t.next_at), 'next_what', t.next_what);
        continue;
      end if;
    end if;
    select count(*) filter (where x.outcome is null or x.outcome = 'unknown'), coalesce(bool_or(x.outcome is null and x.lease_until > v_at), false),
        min(x.granted_at) filter (where x.outcome is null or x.outcome = 'unknown'), max(x.granted_at), max(x.lease_until), coalesce(max(x.n), 0)
      into v_unresolved, v_live, v_oldest, v_last_grant, v_last_lease, v_sends from send x where x.transfer_id = t.id and x.attempt_n = 1;

    case r.outcome
    when 'accepted' then
      if t.state in ('scheduled', 'submitting', 'unknown') then
        v_event := 'accepted'; v_to := 'completed'; v_entry := uuid_v7(v_at);
        v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'capture', h.account_id, h.counter_account_id, h.amount)::move;
      elsif t.state in ('rejected', 'failed', 'cancelled') and a.contradicted_at is null then
        -- The rail took what we had given back. The customer is not touched: the platform carries it until a person decides.
        select k.id into v_suspense from account k where k.tenant_id = t.tenant_id and k.currency = t.currency and k.kind = 'suspense';
        v_event := 'contradicted'; v_to := t.state; v_entry := uuid_v7(v_at); v_attention := 'contradicted';
        v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'post', v_suspense, a.clearing_account_id, t.amount)::move;
      end if;
    when 'rejected' then
      if t.state in ('scheduled', 'submitting', 'unknown') and (r.decisive or v_unresolved = 0) then
        v_event := 'rejected'; v_to := 'rejected'; v_refusal := 'rail_rejected';
        v_moves := v_moves || row(t.id, t.tenant_id, null, 1, 'release', h.account_id, h.counter_account_id, h.amount)::move;
      elsif t.state in ('scheduled', 'submitting') then
        v_event := 'rejected'; v_to := 'unknown';
      elsif t.state in ('completed', 'reversed') and a.contradicted_at is null then
        v_event := 'contradicted'; v_to := t.state; v_attention := 'contradicted';
      end if;
    when 'not_taken' then
      if t.state in ('submitting', 'unknown') and v_unresolved = 0 then v_event := 'not_taken'; v_to := 'scheduled';
      elsif t.state = 'submitting' then v_event := 'not_taken'; v_to := 'unknown'; end if;
    when 'put_off', 'not_sent' then
      -- Only the group that carries the transfer puts it off, or anybody once it is overdue and no lease lives.
      if t.state = 'submitting' and not v_live and (t.carrier = r.carrier or (r.carrier is null and t.next_at < v_at)) then
        if v_unresolved = 0 then v_event := 'put_off'; v_to := 'scheduled'; else v_event := 'no_answer'; v_to := 'unknown'; end if;
      elsif t.state = 'unknown' and r.outcome = 'not_sent' and v_unresolved = 0 then
        -- A sender that slept past its lease says that it never sent: nothing is in doubt any more.
        v_event := 'not_taken'; v_to := 'scheduled';
      end if;
    when 'unknown' then
      if t.state = 'submitting' and not v_live and r.send_n is not null then v_event := 'no_answer'; v_to := 'unknown'; end if;
    when 'absent' then
      -- "Not there" proves something only if it was asked late enough, nothing was granted since, and the rail would know a repeat.
      v_absent := t.state = 'unknown' and (v_unresolved = 0 or (r.deduplicates_ms is not null
        and r.asked_at > v_last_lease + make_interval(secs => r.quiet_ms / 1000.0) and r.asked_at > v_last_grant
        and v_at + make_interval(secs => r.lease_ms / 1000.0) < v_oldest + make_interval(secs => r.deduplicates_ms / 1000.0)));
      if v_absent then v_event := 'absent'; v_to := 'scheduled'; end if;
    end case;

    if r.outcome in ('accepted', 'rejected') and v_event is not null then
      update attempt set outcome = case v_to when 'completed' then 'accepted' when 'rejected' then 'rejected' else outcome end,
        rail_reference = coalesce(r.rail_reference, rail_reference), code = coalesce(r.code, code),
        contradicted_at = case v_event when 'contradicted' then v_at else contradicted_at end where transfer_id = t.id and n = 1;
    end if;
    if r.source = 'inquiry' then
      update attempt set inquiries = inquiries + 1, asked_at = r.asked_at where transfer_id = t.id and n = 1;
    end if;

    -- What happens next, when, and who is waited for.
    if coalesce(v_to, t.state) = 'unknown' then
      v_what := 'inquire'; v_wait := 'answer'; v_next_at := v_at + make_interval(secs => coalesce(r.next_in_ms, 1000) / 1000.0);
      -- "Not there" came too early to prove anything: as soon as it would, it is asked again.
      if r.outcome = 'absent' and v_last_lease + make_interval(secs => r.quiet_ms / 1000.0) > r.asked_at then
        v_next_at := least(v_next_at, greatest(v_last_lease + make_interval(secs => (r.quiet_ms + 100) / 1000.0), v_at));
      end if;
      -- Counted from the first send that is in doubt, because each new send begins the state anew.
      if t.state = 'unknown' and r.give_up_ms is not null and v_at > least(t.state_since, coalesce(v_oldest, t.state_since)) + make_interval(secs => r.give_up_ms / 1000.0) then
        v_attention := coalesce(v_attention, 'unknown_too_long');
      end if;
    elsif v_to = 'scheduled' then
      select * into q from rail x where x.name = t.rail;
      v_wait := 'rail'; v_what := 'send_again';
      -- The wait doubles with every send, to five minutes: a bank that never takes one transfer must not be asked for ever at full speed.
      v_wait_ms := greatest(coalesce(r.next_in_ms, 1000), least(coalesce(r.next_in_ms, 1000) * 2 ^ least(greatest(v_sends - 1, 0), 20), 300000));
      v_next_at := case r.outcome when 'absent' then v_at else v_at + make_interval(secs => v_wait_ms / 1000.0) end;
      if r.outcome <> 'absent' and v_sends >= 20 then v_attention := coalesce(v_attention, 'not_taken_many_times'); end if;
      if q.breaker = 'open' or q.held_by is not null then v_what := 'send_when_rail_opens'; v_next_at := greatest(coalesce(q.probe_at, v_at), v_next_at); end if;
    end if;
    if v_to is not null and v_to not in ('unknown', 'scheduled') and v_attention in ('unknown_too_long', 'not_taken_many_times') then v_attention := null; end if;

    if v_event is not null then
      if v_entry is not null then v_entries := v_entries + 1; end if;
      v_next := case when v_next_at is not null then jsonb_build_object('what', v_what, 'at', rfc3339(v_next_at), 'waiting_for', v_wait) end;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v_event, v_to, jsonb_strip_nulls(jsonb_build_object('cause', r.source, 'code', r.code,
        'rail_reference', r.rail_reference, 'send', r.send_n, 'entry_id', v_entry, 'next', v_next,
        'refusal', case when v_refusal is not null then jsonb_build_object('code', v_refusal, 'detail', r.code) end)))::step;
      update transfer set state = v_to, event = v_event, version = version + 1, updated_at = v_at,
        state_since = case when v_to = t.state then state_since else v_at end,
        next_what = v_what, next_at = v_next_at, waiting_for = v_wait,
        carrier = case when v_to = 'submitting' then carrier end,
        refusal_code = coalesce(v_refusal, refusal_code), refusal_detail = case when v_refusal is not null then r.code else refusal_detail end,
        entry_id = case when v_event = 'contradicted' then entry_id else coalesce(v_entry, entry_id) end,
        completed_at = case when v_to = 'completed' and v_event <> 'contradicted' then v_at else completed_at end,
        attention_reason = v_attention, attention_since = case when v_attention is null then null when v_attention is distinct from t.attention_reason then v_at else attention_since end
        where id = t.id;
      if v_to in ('completed', 'rejected') and v_event <> 'contradicted' then
        update hold set state = case v_to when 'completed' then 'captured' else 'released' end, closed_at = v_at where transfer_id = t.id and state = 'active';
        if not found then raise exception 'transfer % has no active hold', t.id; end if;
      end if;
    elsif t.state = 'unknown' and v_what is not null then
      update transfer set next_what = v_what, next_at = v_next_at, waiting_for = v_wait, attention_reason = v_attention,
        attention_since = case when v_attention is distinct from t.attention_reason then v_at else attention_since end where id = t.id;
    end if;
    v_out := v_out || jsonb_build_object('transfer_id', t.id, 'state', coalesce(v_to, t.state), 'event', v_event,
      'next_at', case when v_event is null or v_next_at is not null then rfc3339(coalesce(v_next_at, t.next_at)) end,
      'next_what', case when v_event is null or v_what is not null then coalesce(v_what, t.next_what) end);
  end loop;

  if cardinality(v_steps) > 0 then
    v_batch := new_batch(v_at, v_n, v_entries);
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;
  return jsonb_build_object('outcomes', to_jsonb(v_out), 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;
