-- execute: nobody

-- Once more than the verb: what a day publishes never changes, and it is finished once.
create or replace function ledger.refuse_changed_publication() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if old.finished_at is null and new.finished_at is not null
    and to_jsonb(old) - 'finished_at' = to_jsonb(new) - 'finished_at'
  then
    return new;
  end if;
  raise exception 'the checkpoint of % is what it is', old.day using errcode = 'check_violation';
end $$;

create or replace trigger published_once before update on ledger.archive_publication
  for each row execute function ledger.refuse_changed_publication();
