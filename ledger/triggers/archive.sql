-- execute: nobody
-- needs: ledger/archive/numbering.sql

-- Once more than the verbs: each segment begins where the one before it ended, unless with it an
-- epoch begins; the tree of an epoch grows by one; and what is finished keeps what it is.
create or replace function ledger.refuse_unchained_segment() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  previous archive_segment;
begin
  if tg_op = 'UPDATE' and old.status = 'finished' then
    if (old.copied_at is null or old.copied_at = new.copied_at)
      and new.removed >= old.removed
      and to_jsonb(old) - array['copied_at', 'removed']
        = to_jsonb(new) - array['copied_at', 'removed']
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

-- Rows are removed up to where the archive has them: the border only moves forward, and is always a
-- segment that is finished.
create or replace function ledger.refuse_early_removal() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if new.n < old.n
    or new.done_n < old.done_n
    or not exists (select from archive_segment where n = new.n and status = 'finished')
  then
    raise exception 'records cannot be removed up to segment %', new.n
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger forward before update on ledger.archive_removal
  for each row execute function ledger.refuse_early_removal();

create or replace function ledger.refuse_unarchived_removal() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_border constant xid8 := (
    select segment.to_xid
    from archive_removal
    join archive_segment segment on segment.n = archive_removal.n
    where segment.epoch >= archive_numbered_since()
  );
begin
  if exists (select from gone where v_border is null or gone.xid >= v_border) then
    raise exception 'ledger.% has rows behind the border of removal', tg_table_name
      using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create or replace trigger removed_when_archived after delete on ledger.archive_access
  referencing old table as gone
  for each statement execute function ledger.refuse_unarchived_removal();

create or replace trigger removed_when_archived after delete on ledger.archive_refused_sign_in
  referencing old table as gone
  for each statement execute function ledger.refuse_unarchived_removal();
