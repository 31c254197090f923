-- execute: nobody
-- needs: ledger/accounts/lock.sql

-- Refuse, or reserve (book: post), for a batch of transfers: the first commit of every transfer.

create type ledger.reserve_command as (
  id uuid, tenant_id uuid, group_id uuid, key text, fingerprint text, amount bigint, currency text, rail text,
  source_account_id uuid, destination_account_id uuid, destination_bank jsonb, reference text, description text,
  execute_at timestamptz, metadata jsonb, traceparent text);

-- How a transfer begins: its first step, and what happens next where something must.
create type ledger.beginning as (state text, cause text, what text, next_at timestamptz, waiting_for text);

-- What was decided about the n-th command of a batch. Kept with its number: commands that were decided before leave gaps.
create type ledger.decision as (n int, beginning ledger.beginning, refusal text, entry_id uuid, source uuid, destination uuid);

-- Every no, in the order of the refusal table; null is a yes. s: the source; d: the destination's account, where it has one of ours;
-- t: the account that takes the money (the destination, or the clearing account of the rail). An account of another tenant is none.
-- A comparison with an account that is not there is null, and refuses nothing. A debit takes from accounts that credits raise
-- (normal 1), a credit from the others (-1); an account without a floor is never short of funds.
create or replace function ledger.refusal_of(m ledger.reserve_command, s ledger.seat, d ledger.seat, t ledger.seat) returns text language sql immutable
  return case
    when s.account_id is null or (m.rail = 'book' and d.account_id is null) then 'account_not_found'
    when s.account_id = d.account_id then 'same_account'
    when m.rail <> 'book' and s.kind <> 'customer' then 'account_kind_not_allowed'
    when s.kind not in ('customer', 'funding') or d.kind not in ('customer', 'funding') then 'account_kind_not_allowed'
    when s.currency <> m.currency or d.currency <> m.currency then 'currency_mismatch'
    when s.status = 'closed' or d.status = 'closed' then 'account_closed'
    when s.status = 'frozen' or d.status = 'frozen' then 'account_frozen'
    when s.debit_room < m.amount or t.credit_room < m.amount then 'amount_too_large'
    when s.normal = 1 and s.available - m.amount < s.floor then 'insufficient_funds'
    when t.normal = -1 and t.available - m.amount < t.floor then 'insufficient_funds'
  end;

-- Where an accepted transfer begins. `p_behind`: an earlier one of its account waits for this rail, or is on its way from there.
create or replace function ledger.beginning_of(m ledger.reserve_command, q ledger.rail, p_behind boolean, p_now timestamptz, p_worker_ms int) returns ledger.beginning
language sql immutable
  return case
    when m.execute_at > p_now then row('scheduled', 'reserved_for_later', 'send_on_date', m.execute_at, 'date')::ledger.beginning
    when m.rail = 'book' then row('completed', 'book_posted', null, null, null)::ledger.beginning
    when q.breaker = 'open' or q.held_by is not null then
      row('scheduled', 'reserved_for_later', 'send_when_rail_opens', greatest(coalesce(q.probe_at, p_now), p_now), 'rail')::ledger.beginning
    when p_behind then row('scheduled', 'reserved_for_later', 'send_in_turn', p_now, 'rail')::ledger.beginning
    else row('submitting', 'reserved', 'send', p_now + make_interval(secs => p_worker_ms / 1000.0), 'worker')::ledger.beginning
  end;
