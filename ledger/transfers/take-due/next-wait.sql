-- execute: nobody
-- needs: ledger/milliseconds.sql

-- How long until the next look at a rail may find something: until the time of the next row has
-- come; when only rows of busy accounts are in the queue, a moment, because nothing says when an
-- account is free; null when no row waits.
create or replace function ledger.next_wait_ms(p_rail text, p_now timestamptz) returns bigint
language plpgsql stable as $$
declare
  v_busy_ms constant bigint := 250::bigint;
  v_next_at timestamptz;
begin
  v_next_at := least(
    (
      select transfer.next_at
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_what not in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.waiting_for not in ('person', 'bank')
      order by transfer.next_at
      limit 1
    ),
    (
      select transfer.next_at
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.waiting_for = 'person'
        and transfer.next_at > p_now
      order by transfer.next_at
      limit 1
    )
  );
  return least(
    milliseconds_until(v_next_at, p_now),
    (
      select v_busy_ms
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
      order by transfer.id
      limit 1
    )
  );
end $$;
