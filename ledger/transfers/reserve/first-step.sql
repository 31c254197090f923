-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/worker-patience.sql

-- How a transfer begins: its first state, what brought it there, and what comes next.
create type ledger.first_step as (
  state text,
  cause text,
  next ledger.next_step
);

-- Where an accepted transfer begins. `p_probe_at`: when a rail that is down is tried again;
-- null: it is up. `p_bank_probe_at`: the same of the bank. `p_is_behind`: an earlier one of its
-- account waits for this rail, or was dispatched.
create or replace function ledger.first_step_of(
  command ledger.reserve_command,
  p_probe_at timestamptz,
  p_bank_probe_at timestamptz,
  p_is_behind boolean,
  p_now timestamptz
) returns ledger.first_step
language plpgsql stable as $$
declare
  next ledger.next_step;
begin
  if command.execute_at > p_now then
    next := row('send_on_date', command.execute_at, 'date');
  elsif command.rail = 'book' then
    return row('completed', 'book_posted', null)::first_step;
  elsif p_probe_at is not null then
    next := row('send_when_rail_recovers', greatest(p_probe_at, p_now), 'rail');
  elsif p_bank_probe_at is not null then
    next := row('send_when_bank_recovers', greatest(p_bank_probe_at, p_now), 'bank');
  elsif p_is_behind then
    next := row('send_in_turn', p_now, 'rail');
  else
    next := row('send', p_now + worker_patience(), 'worker');
    return row('submitting', 'reserved', next)::first_step;
  end if;
  return row('scheduled', 'reserved_for_later', next)::first_step;
end $$;
