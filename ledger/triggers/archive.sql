-- execute: nobody

-- Once more than the verbs: each segment begins where the one before it ended, unless with it an
-- epoch begins; the tree of an epoch grows by one; and what is finished keeps what it is.
create or replace function ledger.refuse_unchained_segment() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  previous archive_segment;
begin
  if tg_op = 'UPDATE' and old.status = 'finished' then
    if old.copied_at is null
      and to_jsonb(old) - 'copied_at' = to_jsonb(new) - 'copied_at'
    then
      return new;
    end if;
    raise exception 'segment % of the archive is finished', old.n
      using errcode = 'check_violation';
  end if;
  select * into previous from archive_segment where n = new.n - 1;
  if (previous.n is null and exists (select from archive_segment where n < new.n))
    or (previous.epoch = new.epoch and previous.to_xid <> new.from_xid)
    or previous.epoch > new.epoch
    or (new.tree_size is not null and new.tree_size
      <> case when previous.epoch = new.epoch then previous.tree_size else 0 end + 1)
  then
    raise exception 'segment % of the archive does not follow the one before it', new.n
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger chained before insert or update on ledger.archive_segment
  for each row execute function ledger.refuse_unchained_segment();
