-- execute: nobody

-- Whether later transfers of its account on its rail wait behind a transfer: it waits for the rail,
-- or is on its way from such a wait. One that was new to the rail when a dispatcher took it holds
-- up nobody from then on: it and those that come are sent side by side, as two groups of new ones
-- are. Else a queue that began once would never end while transfers keep coming.
create or replace function ledger.is_ahead(transfer ledger.transfer) returns boolean
language sql immutable
return case transfer.state
  when 'scheduled' then transfer.waiting_for = 'rail'
    or transfer.carrier is not null and (transfer.version > 1 or transfer.execute_at is not null)
  when 'submitting' then transfer.carrier <> transfer.created_by_group
    and (transfer.version > 2 or transfer.execute_at is not null)
  else false
end;
