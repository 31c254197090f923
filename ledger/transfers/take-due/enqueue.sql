-- execute: nobody

-- Puts rows of a rail whose time has come into its queue: dated ones, those that are sent again
-- after a pause, and those whose dispatch was lost. At most 500 at a look, the longest due first.
-- Returns whether there were any.
create or replace function ledger.enqueue_due(rail ledger.rail, p_now timestamptz) returns boolean
language plpgsql as $$
declare
  v_rows_max constant int := 500;
begin
  with come as (
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.next_what not in ('send_in_turn', 'send_when_rail_recovers')
      and transfer.waiting_for not in ('person', 'bank')
      and transfer.next_at <= p_now
    order by transfer.next_at
    limit v_rows_max
    for no key update skip locked
  )
  update transfer set
    next_what = case
      when rail.breaker = 'closed' and rail.paused_by is null then 'send_in_turn'
      else 'send_when_rail_recovers'
    end,
    waiting_for = 'rail',
    carrier = null
  from come
  where transfer.id = come.id;
  return found;
end $$;
