-- execute: nobody

-- Row locks and reads after them are only sound in READ COMMITTED: a repeatable snapshot would
-- decide on old balances.
create or replace function ledger.assert_read_committed() returns void
language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'the ledger needs READ COMMITTED';
  end if;
end $$;

create or replace function ledger.new_batch(p_at timestamptz, p_commands int, p_entries int)
returns bigint
language plpgsql as $$
declare
  v_id bigint;
begin
  insert into batch (created_at, commands, entries)
  values (p_at, p_commands, p_entries)
  returning id into v_id;
  return v_id;
end $$;
