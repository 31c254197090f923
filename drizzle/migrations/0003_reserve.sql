-- Locks: none, new functions only.
-- Refuse, or reserve (book: post), for a batch of transfers: the first commit of every transfer.

create type ledger.reserve_command as (
  id uuid, tenant_id uuid, group_id uuid, key text, fingerprint text, amount bigint, currency text, rail text,
  source_account_id uuid, destination_account_id uuid, destination_bank jsonb, reference text, description text,
  execute_at timestamptz, metadata jsonb, traceparent text);

-- p_commands: a JSON array of reserve_command. p_worker_ms: how long a reserved transfer may wait for its sender before it is overdue.
-- Returns {outcomes, balances, endpoints}; one outcome per command, by id, with result
--   decided     this commit, or an earlier one for the same id, decided it: `event` is its first event
--   replayed    the key belongs to another transfer with the same fingerprint: `event` is that transfer's first event
--   key_reused  the key belongs to another request, perhaps one that made no transfer: then `transfer_id` is null
--   too_old     the id was made more than five minutes ago (or lies ahead): nothing stored
-- Lock order: keys, transfers, accounts, each sorted. Two commands with one key must not share a batch.
create function ledger.reserve(p_commands jsonb, p_worker_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  c reserve_command[]; n int; v_clock timestamptz := clock_timestamp(); v_at timestamptz; v_last timestamptz; v_batch bigint;
  v_inserted uuid[]; v_new boolean[]; v_clearing uuid[]; v_behind boolean[]; v_s int[]; v_d int[]; v_k int[];
  acc uuid[]; ten uuid[]; knd text[]; cur text[]; sta text[]; nrm int[]; flr bigint[]; av bigint[]; head_d bigint[]; head_c bigint[];
  v_probe timestamptz; v_closed boolean; v_queued uuid[] := '{}';
  o_state text[]; o_event text[]; o_refusal text[]; o_entry uuid[]; o_what text[]; o_next timestamptz[]; o_wait text[]; o_src uuid[]; o_dst uuid[];
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_balances jsonb; v_endpoints uuid[]; v_outcomes jsonb;
  m reserve_command; s int; d int; k int; to_ int; r text; v_later boolean; v_next jsonb;
begin
  perform assert_read_committed();
  select array_agg(jsonb_populate_record(null::reserve_command, e) order by o) into c from jsonb_array_elements(p_commands) with ordinality x(e, o);
  n := coalesce(cardinality(c), 0);
  if n = 0 then return jsonb_build_object('outcomes', '[]'::jsonb, 'balances', '[]'::jsonb, 'endpoints', '[]'::jsonb); end if;

  -- Keys first, in order. A twin that is being inserted elsewhere makes us wait here, and is seen below.
  -- An id that is not of this moment is never inserted: its request may be a ghost that lay in a queue (docs/adr/0006-protected-twice-by-id.md).
  with made as (
    insert into transfer_key (tenant_id, key, fingerprint, transfer_id, created_at)
      select u.tenant_id, u.key, decode(u.fingerprint, 'hex'), u.id, date_trunc('milliseconds', v_clock) from unnest(c) u
      where uuid_time(u.id) between v_clock - interval '5 minutes' and v_clock + interval '1 minute'
      order by u.tenant_id, u.key
      on conflict (tenant_id, key) do nothing
      returning transfer_id
  )
  select array_agg(transfer_id) into v_inserted from made;

  select array_agg(coalesce(u.id = any(v_inserted), false) order by u.ordinality), array_agg(a.id order by u.ordinality),
      array_agg(u.rail <> 'book' and exists (select 1 from transfer t where t.source_account_id = u.source_account_id and t.rail = u.rail
        and t.state = 'scheduled' and t.waiting_for = 'rail') order by u.ordinality)
    into v_new, v_clearing, v_behind
    from unnest(c) with ordinality u
    left join account a on a.tenant_id = u.tenant_id and a.currency = u.currency and a.kind = 'clearing' and a.rail = u.rail;

  -- Lock every account of the new ones in id order, and read it as locked.
  select array_agg(b.account_id), array_agg(b.tenant_id), array_agg(b.kind), array_agg(b.currency), array_agg(b.status), array_agg(b.normal), array_agg(b.floor),
      array_agg(case b.normal when 1 then b.credit_posted - b.debit_posted - b.debit_pending else b.debit_posted - b.credit_posted - b.credit_pending end),
      array_agg(4611686018427387904 - b.debit_posted - b.debit_pending), array_agg(4611686018427387904 - b.credit_posted - b.credit_pending), max(b.last_at)
    into acc, ten, knd, cur, sta, nrm, flr, av, head_d, head_c, v_last
    from (select x.* from balance x where x.account_id = any(array(
        select distinct v.a from unnest(c, v_new, v_clearing) u(id, tenant_id, group_id, key, fingerprint, amount, currency, rail, source_account_id,
          destination_account_id, destination_bank, reference, description, execute_at, metadata, traceparent, is_new, clearing),
          lateral (values (u.source_account_id), (u.destination_account_id), (u.clearing)) v(a) where u.is_new and v.a is not null))
      order by x.account_id for no key update) b;
  select array_agg(s_.o order by u.ordinality), array_agg(d_.o order by u.ordinality), array_agg(k_.o order by u.ordinality) into v_s, v_d, v_k
    from unnest(c) with ordinality u
    join unnest(v_clearing) with ordinality q(clearing, o) on q.o = u.ordinality
    left join unnest(acc) with ordinality s_(a, o) on s_.a = u.source_account_id
    left join unnest(acc) with ordinality d_(a, o) on d_.a = u.destination_account_id
    left join unnest(acc) with ordinality k_(a, o) on k_.a = q.clearing;
  v_at := commit_time(v_last);

  for i in 1..n loop
    m := c[i]; o_state[i] := null; o_event[i] := null; o_refusal[i] := null; o_entry[i] := null; o_what[i] := null; o_next[i] := null; o_wait[i] := null; o_src[i] := null; o_dst[i] := null;
    continue when not v_new[i];
    s := v_s[i]; d := v_d[i]; k := v_k[i];
    if s is not null and ten[s] <> m.tenant_id then s := null; end if;
    if d is not null and ten[d] <> m.tenant_id then d := null; end if;
    to_ := case m.rail when 'book' then d else k end;
    o_src[i] := acc[s]; o_dst[i] := acc[d];
    -- Every no, in the order of the refusal table.
    r := case
      when s is null or (m.rail = 'book' and d is null) then 'account_not_found'
      when s = d then 'same_account'
      when m.rail <> 'book' and knd[s] <> 'customer' then 'account_kind_not_allowed'
      when knd[s] not in ('customer', 'funding') or (d is not null and knd[d] not in ('customer', 'funding')) then 'account_kind_not_allowed'
      when cur[s] <> m.currency or (d is not null and cur[d] <> m.currency) then 'currency_mismatch'
      when sta[s] = 'closed' or (d is not null and sta[d] = 'closed') then 'account_closed'
      when sta[s] = 'frozen' or (d is not null and sta[d] = 'frozen') then 'account_frozen'
      when to_ is not null and (head_d[s] < m.amount or head_c[to_] < m.amount) then 'amount_too_large'
      when flr[s] is not null and nrm[s] = 1 and av[s] - m.amount < flr[s] then 'insufficient_funds'
      when to_ is not null and flr[to_] is not null and nrm[to_] = -1 and av[to_] - m.amount < flr[to_] then 'insufficient_funds'
    end;
    if r is not null then
      o_state[i] := 'declined'; o_event[i] := 'refused'; o_refusal[i] := r;
      v_steps := v_steps || row(m.id, m.tenant_id, 1, null, 'refused', 'declined',
        jsonb_build_object('cause', 'ledger', 'refusal', jsonb_build_object('code', r)))::step;
      continue;
    end if;
    if to_ is null then raise exception 'tenant % has no clearing account for % in %', m.tenant_id, m.rail, m.currency; end if;

    -- From here it must succeed.
    v_later := m.execute_at is not null and m.execute_at > v_at;
    if m.rail = 'book' and not v_later then
      o_state[i] := 'completed'; o_event[i] := 'book_posted'; o_entry[i] := uuid_v7(v_at);
      v_moves := v_moves || row(m.id, m.tenant_id, o_entry[i], 1, 'post', acc[s], acc[to_], m.amount)::move;
      av[s] := av[s] - nrm[s] * m.amount; av[to_] := av[to_] + nrm[to_] * m.amount;
    else
      o_state[i] := 'scheduled'; o_event[i] := 'reserved_for_later';
      if m.rail <> 'book' then
        select q.breaker = 'open' or q.held_by is not null, greatest(coalesce(q.probe_at, v_at), v_at) into v_closed, v_probe from rail q where q.name = m.rail;
      end if;
      if v_later then
        o_what[i] := 'send_on_date'; o_next[i] := m.execute_at; o_wait[i] := 'date';
      elsif v_closed then
        o_what[i] := 'send_when_rail_opens'; o_next[i] := v_probe; o_wait[i] := 'rail'; v_queued := v_queued || acc[s];
      elsif v_behind[i] or acc[s] = any(v_queued) then
        o_what[i] := 'send_in_turn'; o_next[i] := v_at; o_wait[i] := 'rail';
      else
        o_state[i] := 'submitting'; o_event[i] := 'reserved';
        o_what[i] := 'send'; o_next[i] := v_at + make_interval(secs => p_worker_ms / 1000.0); o_wait[i] := 'worker';
      end if;
      v_moves := v_moves || row(m.id, m.tenant_id, null, 1, 'hold', acc[s], acc[to_], m.amount)::move;
      if nrm[s] = 1 then av[s] := av[s] - m.amount; end if;
      if nrm[to_] = -1 then av[to_] := av[to_] - m.amount; end if;
    end if;
    head_d[s] := head_d[s] - m.amount; head_c[to_] := head_c[to_] - m.amount;
    v_next := case when o_next[i] is not null then jsonb_build_object('what', o_what[i], 'at', rfc3339(o_next[i]), 'waiting_for', o_wait[i]) end;
    v_steps := v_steps || row(m.id, m.tenant_id, 1, null, o_event[i], o_state[i],
      jsonb_strip_nulls(jsonb_build_object('cause', 'request', 'entry_id', o_entry[i], 'next', v_next)))::step;
  end loop;

  if true = any(v_new) then
    v_batch := new_batch(v_at, n, (select count(*) from unnest(v_moves) x where x.entry_id is not null)::int);
    insert into transfer (id, tenant_id, state, event, amount, currency, rail, source_account_id, destination_account_id, destination_bank, idempotency_key,
        reference, description, metadata, execute_at, refusal_code, next_what, next_at, waiting_for, created_by_group, carrier, entry_id, traceparent,
        state_since, created_at, updated_at, completed_at)
      select u.id, u.tenant_id, q.state, q.event, u.amount, u.currency, u.rail, q.src, q.dst, u.destination_bank, u.key,
        u.reference, u.description, coalesce(u.metadata, '{}'), u.execute_at, q.refusal, q.what, q.next_at, q.wait, u.group_id,
        case when q.state = 'submitting' then u.group_id end, q.entry, u.traceparent, v_at, v_at, v_at, case when q.state = 'completed' then v_at end
      from unnest(c) with ordinality u
      join unnest(o_state, o_event, o_refusal, o_entry, o_what, o_next, o_wait, o_src, o_dst) with ordinality
        q(state, event, refusal, entry, what, next_at, wait, src, dst, o) on q.o = u.ordinality
      where q.state is not null;
    insert into hold (transfer_id, tenant_id, account_id, counter_account_id, amount, currency, created_at)
      select x.transfer_id, x.tenant_id, x.debit, x.credit, x.amount, t.currency, v_at from unnest(v_moves) x join transfer t on t.id = x.transfer_id where x.op = 'hold';
    insert into attempt (transfer_id, n, tenant_id, rail, rail_key, clearing_account_id, created_at)
      select x.transfer_id, 1, x.tenant_id, t.rail, rail_key(x.transfer_id, 1), x.credit, v_at
      from unnest(v_moves) x join transfer t on t.id = x.transfer_id where x.op = 'hold' and t.rail <> 'book';
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;

  select jsonb_agg(jsonb_build_object('id', u.id, 'tenant_id', u.tenant_id, 'transfer_id', k_.transfer_id, 'fingerprint', encode(k_.fingerprint, 'hex'),
      'source_account_id', u.source_account_id, 'destination_account_id', u.destination_account_id,
      'result', case
        when k_.key is null then 'too_old'
        when k_.transfer_id = u.id then 'decided'
        when k_.fingerprint = decode(u.fingerprint, 'hex') and k_.transfer_id is not null then 'replayed'
        else 'key_reused' end,
      'entry_id', k_.entry_id,
      'event', case when e.id is not null then jsonb_build_object('event', e.event, 'to', e.to_state, 'at', rfc3339(e.created_at), 'evidence', e.evidence) end)
      order by u.ordinality)
    into v_outcomes
    from unnest(c) with ordinality u
    left join transfer_key k_ on k_.tenant_id = u.tenant_id and k_.key = u.key
    left join transfer t on t.id = k_.transfer_id
    left join event e on e.transfer_id = t.id and e.version = 1 and e.created_at = t.created_at;
  return jsonb_build_object('outcomes', v_outcomes, 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;

-- The rail key of an attempt: the same encoding as toRailKey in domain/ids.ts; a test compares them.
create function ledger.rail_key(p_transfer uuid, p_attempt int) returns text language plpgsql immutable parallel safe as $$
declare
  v_digits constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  -- 130 bits: two zeros, then the 128 of the id, taken five at a time.
  v_bits bit(130) := (b'00' || ('x' || replace(p_transfer::text, '-', ''))::bit(128))::bit(130);
  v_text text := '';
begin
  for i in 0..25 loop
    v_text := v_text || substr(v_digits, substring(v_bits from i * 5 + 1 for 5)::bit(5)::int + 1, 1);
  end loop;
  return v_text || 'Q' || substr(v_digits, p_attempt, 1);
end $$;
