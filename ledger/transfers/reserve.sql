-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit.sql, ledger/ids.sql, ledger/rfc3339.sql
-- needs: ledger/transfers/apply-legs.sql, ledger/transfers/commit-time.sql
-- needs: ledger/transfers/rail-key.sql, ledger/transfers/reserve-decisions.sql
-- needs: ledger/transfers/write-events.sql

-- p_commands: a JSON array of reserve_command. p_worker_ms: how long a reserved transfer may wait for its sender before it is overdue.
-- Returns {outcomes, balances, endpoints}; one outcome per command, by id, with result
--   decided     this commit, or an earlier one for the same id, decided it: `event` is its first event
--   replayed    the key belongs to another transfer with the same fingerprint: `event` is that transfer's first event
--   key_reused  the key belongs to another request, perhaps one that made no transfer: then `transfer_id` is null
--   too_old     the id was made more than five minutes ago (or lies ahead): nothing stored
-- Lock order: keys, transfers, accounts, each sorted. Two commands with one key must not share a batch.
create or replace function ledger.reserve(p_commands jsonb, p_worker_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  -- c: the commands, m: this one, q: its rail, b: its beginning; s, d, t: which seats are its source, destination and taker.
  -- v_clock: before any wait, for the age of ids. v_at: what is written. v_now: what is compared (docs/adr/0014).
  c reserve_command[]; n int; v_clock timestamptz := clock_timestamp(); v_now timestamptz; v_at timestamptz; v_batch bigint;
  v_inserted uuid[]; v_new boolean[]; v_clearing uuid[]; v_behind boolean[];
  -- Accounts of which this batch has one that waits for the rail: the next one waits behind it.
  v_queued uuid[] := '{}';
  -- Every account of the batch, and where in it the n-th command's source, destination and clearing account are.
  seats seat[]; v_s int[]; v_d int[]; v_k int[];
  v_decisions decision[] := '{}'; v_refusal text; v_entry uuid;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_balances jsonb; v_endpoints uuid[]; v_outcomes jsonb;
  m reserve_command; q rail; b beginning; s int; d int; t int;
begin
  perform assert_read_committed();
  select array_agg(jsonb_populate_record(null::reserve_command, e) order by o) into c from jsonb_array_elements(p_commands) with ordinality x(e, o);
  n := coalesce(cardinality(c), 0);
  if n = 0 then return jsonb_build_object('outcomes', '[]'::jsonb, 'balances', '[]'::jsonb, 'endpoints', '[]'::jsonb); end if;

  -- Keys first, in order. A twin that is being inserted elsewhere makes us wait here, and is seen below.
  -- An id that is not of this moment is never inserted: its request may be a ghost that lay in a queue (docs/adr/0006-protected-twice-by-id.md).
  with made as (
    insert into idempotency_key (tenant_id, key, fingerprint, transfer_id, created_at)
      select u.tenant_id, u.key, decode(u.fingerprint, 'hex'), u.id, date_trunc('milliseconds', v_clock) from unnest(c) u
      where uuid_time(u.id) between v_clock - interval '5 minutes' and v_clock + interval '1 minute'
      order by u.tenant_id, u.key
      on conflict (tenant_id, key) do nothing
      returning transfer_id
  )
  select array_agg(transfer_id) into v_inserted from made;

  select array_agg(coalesce(u.id = any(v_inserted), false) order by u.ordinality), array_agg(a.id order by u.ordinality),
      -- Behind an earlier one of its account: one that waits for the rail, or that a drain has on its way.
      array_agg(u.rail <> 'book' and exists (select 1 from transfer x where x.source_account_id = u.source_account_id and x.rail = u.rail
        and (x.state = 'scheduled' and (x.waiting_for = 'rail' or x.carrier is not null)
          or x.state = 'submitting' and x.carrier <> x.created_by_group)) order by u.ordinality)
    into v_new, v_clearing, v_behind
    from unnest(c) with ordinality u
    left join account a on a.tenant_id = u.tenant_id and a.currency = u.currency and a.kind = 'clearing' and a.rail = u.rail;

  -- Lock every account of the new ones, and read it as locked.
  seats := lock_accounts(array(select distinct v.a from unnest(c) with ordinality u
    cross join lateral (values (u.source_account_id), (u.destination_account_id), (v_clearing[u.ordinality])) v(a) where v_new[u.ordinality]));
  v_at := commit_time(seats, '{}');
  v_now := date_trunc('milliseconds', clock_timestamp());
  select array_agg(s_.o order by u.ordinality), array_agg(d_.o order by u.ordinality), array_agg(k_.o order by u.ordinality) into v_s, v_d, v_k
    from unnest(c) with ordinality u
    left join (select x.account_id, x.tenant_id, x.ordinality as o from unnest(seats) with ordinality x) s_ on s_.account_id = u.source_account_id and s_.tenant_id = u.tenant_id
    left join (select x.account_id, x.tenant_id, x.ordinality as o from unnest(seats) with ordinality x) d_ on d_.account_id = u.destination_account_id and d_.tenant_id = u.tenant_id
    left join (select x.account_id, x.ordinality as o from unnest(seats) with ordinality x) k_ on k_.account_id = v_clearing[u.ordinality];

  for i in 1..n loop
    continue when not v_new[i];
    m := c[i]; s := v_s[i]; d := v_d[i];
    t := case m.rail when 'book' then d else v_k[i] end;
    v_entry := null;
    v_refusal := refusal_of(m, seats[s], seats[d], seats[t]);
    if v_refusal is not null then
      v_decisions := v_decisions || row(i, row('declined', 'refused', null, null, null)::beginning, v_refusal, null, seats[s].account_id, seats[d].account_id)::decision;
      v_steps := v_steps || row(m.id, m.tenant_id, 1, null, 'refused', 'declined',
        jsonb_build_object('source', 'ledger', 'refusal', jsonb_build_object('code', v_refusal)))::step;
      continue;
    end if;
    if t is null then raise exception 'tenant % has no clearing account for % in %', m.tenant_id, m.rail, m.currency; end if;

    -- From here it must succeed. What this one takes, the next one of its batch finds taken.
    select * into q from rail where name = m.rail;
    b := beginning_of(m, q, v_behind[i] or seats[s].account_id = any(v_queued), v_now, p_worker_ms);
    if b.waiting_for = 'rail' then v_queued := v_queued || seats[s].account_id; end if;
    if b.state = 'completed' then
      v_entry := uuid_v7(v_at);
      v_moves := v_moves || row(m.id, m.tenant_id, v_entry, 1, 'post', seats[s].account_id, seats[t].account_id, m.amount)::move;
      seats[s].available := seats[s].available - seats[s].normal * m.amount;
      seats[t].available := seats[t].available + seats[t].normal * m.amount;
    else
      v_moves := v_moves || row(m.id, m.tenant_id, null, 1, 'hold', seats[s].account_id, seats[t].account_id, m.amount)::move;
      if seats[s].normal = 1 then seats[s].available := seats[s].available - m.amount; end if;
      if seats[t].normal = -1 then seats[t].available := seats[t].available - m.amount; end if;
    end if;
    seats[s].debit_room := seats[s].debit_room - m.amount; seats[t].credit_room := seats[t].credit_room - m.amount;
    v_decisions := v_decisions || row(i, b, null, v_entry, seats[s].account_id, seats[d].account_id)::decision;
    v_steps := v_steps || row(m.id, m.tenant_id, 1, null, b.cause, b.state,
      jsonb_strip_nulls(jsonb_build_object('source', 'request', 'entry_id', v_entry, 'next', next_of(b.what, b.next_at, b.waiting_for))))::step;
  end loop;

  if true = any(v_new) then
    v_batch := new_batch(v_at, n, (select count(*) from unnest(v_moves) x where x.entry_id is not null)::int);
    insert into transfer (id, tenant_id, state, cause, amount, currency, rail, source_account_id, destination_account_id, destination_bank, idempotency_key,
        reference, description, metadata, execute_at, refusal_code, next_what, next_at, waiting_for, created_by_group, carrier, entry_id, traceparent,
        state_since, created_at, updated_at, completed_at)
      select u.id, u.tenant_id, y.state, y.cause, u.amount, u.currency, u.rail, x.source, x.destination, u.destination_bank, u.key,
        u.reference, u.description, coalesce(u.metadata, '{}'), u.execute_at, x.refusal, y.what, y.next_at, y.waiting_for, u.group_id,
        case when y.state = 'submitting' then u.group_id end, x.entry_id, u.traceparent, v_at, v_at, v_at, case when y.state = 'completed' then v_at end
      from unnest(c) with ordinality u join unnest(v_decisions) x on x.n = u.ordinality
        cross join lateral (select (x.beginning).*) y;
    insert into hold (transfer_id, tenant_id, account_id, counter_account_id, amount, currency, created_at)
      select x.transfer_id, x.tenant_id, x.debit, x.credit, x.amount, y.currency, v_at from unnest(v_moves) x join transfer y on y.id = x.transfer_id where x.op = 'hold';
    insert into attempt (transfer_id, n, tenant_id, rail, rail_key, clearing_account_id, created_at)
      select x.transfer_id, 1, x.tenant_id, y.rail, rail_key(x.transfer_id, 1), x.credit, v_at
      from unnest(v_moves) x join transfer y on y.id = x.transfer_id where x.op = 'hold' and y.rail <> 'book';
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
      'event', case when e.id is not null then jsonb_build_object('cause', e.cause, 'to', e.to_state, 'at', rfc3339(e.created_at), 'evidence', e.evidence) end)
      order by u.ordinality)
    into v_outcomes
    from unnest(c) with ordinality u
    left join idempotency_key k_ on k_.tenant_id = u.tenant_id and k_.key = u.key
    left join transfer y on y.id = k_.transfer_id
    left join event e on e.transfer_id = y.id and e.version = 1 and e.created_at = y.created_at;
  return jsonb_build_object('outcomes', v_outcomes, 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;
