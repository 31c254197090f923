-- execute: nobody
-- needs: ledger/accounts/reading.sql, ledger/ids.sql

-- The inner functions that every verb shares: money moves here and nowhere else, and every step leaves its event here.

-- One leg of work on two accounts. `post`: money moves now. `hold`: it is set aside. `capture`: held money moves.
-- `release`: held money is given back. Legs with an entry id write postings, the others only the pending counters.
create type ledger.move as (transfer_id uuid, tenant_id uuid, entry_id uuid, leg smallint, op text, debit uuid, credit uuid, amount bigint);

-- Writes entries, postings and counters for moves whose accounts the caller has locked. Set-based: the running balance and
-- the sequence of each posting come from a window over the account's moves in order. Returns the new balances.
create or replace function ledger.apply_moves(p_moves ledger.move[], p_at timestamptz, p_batch bigint) returns jsonb
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
