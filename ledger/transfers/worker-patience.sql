-- execute: nobody

-- How long a transfer that is ready to be sent may wait for its sender before it counts as overdue.
create or replace function ledger.worker_patience() returns interval
language sql immutable
return interval '20 seconds';
