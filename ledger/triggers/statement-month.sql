-- execute: nobody

-- A month keeps its bounds, and what is closed stays so.
create or replace function ledger.refuse_changed_month() returns trigger language plpgsql as $$
begin
  if old.status = 'closed'
    or (old.tenant_id, old.month, old.from_at, old.to_at, old.zone, old.quiet, old.opened_at)
      is distinct from
      (new.tenant_id, new.month, new.from_at, new.to_at, new.zone, new.quiet, new.opened_at)
    or old.id is distinct from new.id
    or (old.cut_after is not null and new.cut_after is distinct from old.cut_after)
    or (old.cut_at is not null and new.cut_at is distinct from old.cut_at)
    or new.accounts < old.accounts
  then
    raise exception 'month % of tenant % keeps its bounds', old.month, old.tenant_id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger bounds_never_change before update on ledger.statement_month
  for each row execute function ledger.refuse_changed_month();

-- The months of a tenant touch each other.
create or replace function ledger.refuse_apart_month() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if exists (select from statement_month where tenant_id = new.tenant_id)
    and not exists (
      select from statement_month where tenant_id = new.tenant_id and to_at = new.from_at
    )
  then
    raise exception 'month % of tenant % does not begin where the last one ended', new.month,
      new.tenant_id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger months_touch before insert on ledger.statement_month
  for each row execute function ledger.refuse_apart_month();
