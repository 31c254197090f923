-- execute: nobody

-- Locks transfers in order of their ids, as every verb does. At most 500, and none twice: what a
-- verb decides, it decides on the rows as they were before it. Returns when the last of them
-- changed.
create or replace function ledger.lock_transfers(p_ids uuid[]) returns timestamptz
language plpgsql as $$
declare
  v_count int;
  v_last_at timestamptz;
begin
  select count(*)::int, max(locked.updated_at)
  into v_count, v_last_at
  from (
    select updated_at from transfer where id = any (p_ids) order by id for no key update
  ) locked;
  if cardinality(p_ids) > 500
    or v_count < cardinality(p_ids)
      and (select count(distinct id) from unnest(p_ids) id) < cardinality(p_ids) then
    raise exception 'a batch takes at most 500 commands, one for a transfer';
  end if;
  return v_last_at;
end $$;
