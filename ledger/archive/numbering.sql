-- execute: nobody

-- The first epoch whose transactions are numbered as this database numbers them now. Of an earlier
-- one a row cannot be told from that of another transaction with the same number.
create or replace function ledger.archive_numbered_since() returns int
language sql stable set search_path = ledger, pg_temp as $$
  select coalesce(max(epoch), 1) from archive_epoch where from_xid is not null
$$;
