-- execute: nobody

-- Row locks and re-reads after them are only sound in READ COMMITTED: a repeatable snapshot would
-- decide on old balances.
create or replace function ledger.assert_read_committed() returns void
language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'the ledger needs READ COMMITTED';
  end if;
end $$;

-- Opens the batch of a commit: the row that its entries and events name.
create or replace function ledger.new_batch(p_at timestamptz, p_commands int, p_entries int)
returns bigint
language sql volatile set search_path = ledger, pg_temp as $$
  insert into batch (created_at, commands, entries)
  values (p_at, p_commands, p_entries)
  returning id
$$;
