-- Locks: none, new functions only.
-- The inner functions that every verb shares: money moves here and nowhere else, and every step leaves its event here.

-- One leg of work on two accounts. `post`: money moves now. `hold`: it is set aside. `capture`: held money moves.
-- `release`: held money is given back. Legs with an entry id write postings, the others only the pending counters.
create type ledger.move as (transfer_id uuid, tenant_id uuid, entry_id uuid, leg smallint, op text, debit uuid, credit uuid, amount bigint);

-- A step of a transfer through the state table.
create type ledger.step as (transfer_id uuid, tenant_id uuid, version int, from_state text, event text, to_state text, evidence jsonb);

create function ledger.rfc3339(p_at timestamptz) returns text language sql immutable parallel safe
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- A balance as it leaves the database: every figure text, because JSON numbers lose digits.
create function ledger.reading(b ledger.balance) returns jsonb language sql immutable
  return jsonb_build_object('account_id', b.account_id, 'posted', (b.normal * (b.credit_posted - b.debit_posted))::text,
    'held', (case b.normal when 1 then b.debit_pending else b.credit_pending end)::text, 'seq', b.seq::text, 'version', b.version::text);

-- What happens next to a transfer, as its story tells it; null where nothing does.
create function ledger.next_of(p_what text, p_at timestamptz, p_waiting_for text) returns jsonb language sql immutable
  return case when p_at is not null then jsonb_build_object('what', p_what, 'at', ledger.rfc3339(p_at), 'waiting_for', p_waiting_for) end;

-- Row locks and re-reads after them are only sound in READ COMMITTED: a repeatable snapshot would decide on old balances.
create function ledger.assert_read_committed() returns void language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then raise exception 'the ledger needs READ COMMITTED'; end if;
end $$;

-- An account as its lock found it. `available`: what may leave it, its floor apart. `debit_room`, `credit_room`: how much more its
-- counters may take.
create type ledger.seat as (account_id uuid, tenant_id uuid, kind text, currency text, status text, normal smallint, floor bigint,
  available bigint, debit_room bigint, credit_room bigint, last_at timestamptz);

-- Locks accounts, in the one order in which everybody does, and reads them as locked. Nulls among the ids are nobody.
create function ledger.lock_accounts(p_ids uuid[]) returns ledger.seat[] language sql volatile set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(row(b.account_id, b.tenant_id, b.kind, b.currency, b.status, b.normal, b.floor,
      case b.normal when 1 then b.credit_posted - b.debit_posted - b.debit_pending else b.debit_posted - b.credit_posted - b.credit_pending end,
      4611686018427387904 - b.debit_posted - b.debit_pending, 4611686018427387904 - b.credit_posted - b.credit_pending, b.last_at)::seat), '{}')
    from (select x.* from balance x where x.account_id = any(p_ids) order by x.account_id for no key update) b
$$;

-- The time that a commit writes: to the millisecond, and never before the last change of an account or a transfer it touches, because a
-- step without money leaves its time in the story alone. Nothing is decided by
-- it: after a clock was set back it may lie ahead, for everybody who shares an account. What is due, leased or late is told by the clock.
create function ledger.commit_time(p_seats ledger.seat[], p_transfers uuid[]) returns timestamptz language sql volatile set search_path = ledger, pg_temp as $$
  select greatest(date_trunc('milliseconds', clock_timestamp()), (select max(s.last_at) from unnest(p_seats) s),
    (select max(t.updated_at) from transfer t where t.id = any(p_transfers)))
$$;

-- Writes entries, postings and counters for moves whose accounts the caller has locked. Set-based: the running balance and
-- the sequence of each posting come from a window over the account's moves in order. Returns the new balances.
create function ledger.apply_moves(p_moves ledger.move[], p_at timestamptz, p_batch bigint) returns jsonb
language plpgsql set search_path = ledger, pg_temp as $$
declare v_balances jsonb;
begin
  if coalesce(cardinality(p_moves), 0) = 0 then return '[]'; end if;
  insert into entry (id, tenant_id, transfer_id, effective_at, batch_id, created_at)
    select distinct m.entry_id, m.tenant_id, m.transfer_id, p_at, p_batch, p_at from unnest(p_moves) m where m.entry_id is not null;
  insert into posting (account_id, seq, id, tenant_id, entry_id, transfer_id, leg, side, currency, amount, signed, balance_after, effective_at, created_at)
    select s.account_id, b.seq + row_number() over w, uuid_v7(p_at), b.tenant_id, s.entry_id, s.transfer_id, s.leg, s.side, b.currency, s.amount,
      s.sign * b.normal * s.amount,
      b.normal * (b.credit_posted - b.debit_posted) + sum(s.sign * b.normal * s.amount) over w, p_at, p_at
    from (
      select m.*, 'debit' as side, -1 as sign, m.debit as account_id from unnest(p_moves) with ordinality m
      union all
      select m.*, 'credit', 1, m.credit from unnest(p_moves) with ordinality m
    ) s join balance b on b.account_id = s.account_id
    where s.entry_id is not null
    window w as (partition by s.account_id order by s.ordinality rows unbounded preceding);
  with per_side as (
    select m.debit as account_id, m.amount, m.op, m.entry_id, 'debit' as side from unnest(p_moves) m
    union all
    select m.credit, m.amount, m.op, m.entry_id, 'credit' from unnest(p_moves) m
  ), delta as (
    select account_id,
      coalesce(sum(amount) filter (where side = 'debit' and op in ('post', 'capture')), 0)::bigint as dp,
      coalesce(sum(amount) filter (where side = 'credit' and op in ('post', 'capture')), 0)::bigint as cp,
      coalesce(sum(case op when 'hold' then amount when 'post' then 0 else -amount end) filter (where side = 'debit'), 0)::bigint as dq,
      coalesce(sum(case op when 'hold' then amount when 'post' then 0 else -amount end) filter (where side = 'credit'), 0)::bigint as cq,
      count(entry_id) as postings, count(*) as changes
    from per_side group by account_id
  ), changed as (
    update balance b set
      debit_posted = b.debit_posted + d.dp, credit_posted = b.credit_posted + d.cp,
      debit_pending = b.debit_pending + d.dq, credit_pending = b.credit_pending + d.cq,
      seq = b.seq + d.postings, version = b.version + d.changes, last_at = p_at
    from delta d where b.account_id = d.account_id
    returning b.*
  )
  select jsonb_agg(reading(c)) into v_balances from changed c;
  -- Checked again after the write: every account named was there to be changed.
  if jsonb_array_length(v_balances) <> (select count(distinct a) from unnest(p_moves) m, lateral (values (m.debit), (m.credit)) v(a)) then
    raise exception 'a move names an account without a balance';
  end if;
  return v_balances;
end $$;

-- Writes the events of steps, and one notice for every endpoint of their tenants. Returns the endpoints to wake.
create function ledger.write_events(p_steps ledger.step[], p_at timestamptz, p_batch bigint) returns uuid[]
language plpgsql set search_path = ledger, pg_temp as $$
declare v_endpoints uuid[];
begin
  if coalesce(cardinality(p_steps), 0) = 0 then return '{}'; end if;
  with written as (
    insert into event (id, tenant_id, transfer_id, version, from_state, event, to_state, evidence, batch_id, created_at)
      select uuid_v7(p_at), s.tenant_id, s.transfer_id, s.version, s.from_state, s.event, s.to_state, s.evidence, p_batch, p_at from unnest(p_steps) s
      returning id, tenant_id, transfer_id, version
  ), due as (
    insert into notice_due (endpoint_id, event_id, tenant_id, transfer_id, version, next_at, event_at)
      select w.id, e.id, e.tenant_id, e.transfer_id, e.version, now(), p_at
      from written e join webhook_endpoint w on w.tenant_id = e.tenant_id and w.status = 'enabled'
      returning endpoint_id
  )
  select array_agg(distinct d.endpoint_id) into v_endpoints from due d;
  return coalesce(v_endpoints, '{}');
end $$;

create function ledger.new_batch(p_at timestamptz, p_commands int, p_entries int) returns bigint
language sql volatile set search_path = ledger, pg_temp as $$
  insert into batch (created_at, commands, entries) values (p_at, p_commands, p_entries) returning id
$$;
