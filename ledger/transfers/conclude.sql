-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit.sql, ledger/ids.sql, ledger/rfc3339.sql
-- needs: ledger/transfers/apply-legs.sql, ledger/transfers/commit-time.sql
-- needs: ledger/transfers/conclude-decisions.sql, ledger/transfers/write-events.sql

-- Takes reports, at most one for a transfer. Twice is once. Returns {outcomes: [{transfer_id, state, cause, next_at, next_what}], balances,
-- endpoints, attentions: [{transfer_id, reason}]}: those that want a person since now.
create or replace function ledger.conclude(p_reports jsonb) returns jsonb
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
    v_goes_on := v.cause is not null or t.state = 'unknown';

    if v.cause = 'contradicted' then
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
    if r.outcome in ('accepted', 'rejected') and v.cause is not null then
      update attempt set outcome = case v.to_state when 'completed' then 'accepted' when 'rejected' then 'rejected' else outcome end,
        rail_reference = coalesce(r.rail_reference, rail_reference), code = coalesce(r.code, code),
        contradicted_at = case v.cause when 'contradicted' then v_at else contradicted_at end where transfer_id = t.id and n = 1;
    end if;
    if r.source = 'inquiry' then
      update attempt set inquiries = inquiries + 1, asked_at = r.asked_at where transfer_id = t.id and n = 1;
    end if;

    if v.cause is not null then
      v_entries := v_entries + (v_entry is not null)::int;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v.cause, v.to_state, jsonb_strip_nulls(jsonb_build_object('source', r.source, 'code', r.code,
        'rail_reference', r.rail_reference, 'send', r.send_n, 'entry_id', v_entry, 'next', next_of(p.what, p.next_at, p.waiting_for),
        'refusal', case when v_refusal is not null then jsonb_build_object('code', v_refusal, 'detail', r.code) end)))::step;
      update transfer set state = v.to_state, cause = v.cause, version = version + 1, updated_at = v_at,
        state_since = case when v.to_state = t.state then state_since else v_at end, next_what = p.what, next_at = p.next_at, waiting_for = p.waiting_for,
        carrier = case when v.to_state = 'submitting' then carrier end,
        refusal_code = coalesce(v_refusal, refusal_code), refusal_detail = case when v_refusal is not null then r.code else refusal_detail end,
        entry_id = case when v.cause = 'contradicted' then entry_id else coalesce(v_entry, entry_id) end,
        completed_at = case when v.cause = 'accepted' then v_at else completed_at end,
        attention_reason = p.attention, attention_since = case when p.attention is null then null when p.attention is distinct from t.attention_reason then v_at else attention_since end
        where id = t.id;
    elsif v_goes_on then
      update transfer set next_what = p.what, next_at = p.next_at, waiting_for = p.waiting_for, attention_reason = p.attention,
        attention_since = case when p.attention is distinct from t.attention_reason then v_at else attention_since end where id = t.id;
    end if;
    v_out := v_out || jsonb_build_object('transfer_id', t.id, 'state', coalesce(v.to_state, t.state), 'cause', v.cause,
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
