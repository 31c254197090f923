-- execute: nobody

-- Once more than the verbs: what a day publishes never changes, it is finished once, and whom it
-- was told is removed only after that.
create or replace function ledger.refuse_changed_publication() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if old.finished_at is null and new.finished_at is not null
    and to_jsonb(old) - 'finished_at' = to_jsonb(new) - 'finished_at'
  then
    return new;
  end if;
  if old.finished_at is not null and old.cleared_at is null and new.removed >= old.removed
    and to_jsonb(old) - array['removed', 'cleared_at']
      = to_jsonb(new) - array['removed', 'cleared_at']
  then
    return new;
  end if;
  raise exception 'the checkpoint of % is what it is', old.day using errcode = 'check_violation';
end $$;

create or replace trigger published_once before update on ledger.archive_publication
  for each row execute function ledger.refuse_changed_publication();

create or replace function ledger.refuse_early_forgetting() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if exists (
    select
    from gone
    join archive_publication publication on publication.day = gone.day
    where publication.finished_at is null
  )
  then
    raise exception 'a checkpoint is still being published to tenants'
      using errcode = 'restrict_violation';
  end if;
  return null;
end $$;

create or replace trigger removed_when_finished after delete on ledger.archive_publication_tenant
  referencing old table as gone
  for each statement execute function ledger.refuse_early_forgetting();
