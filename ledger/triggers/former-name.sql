-- execute: nobody

-- How an account was called is kept: a statement names it as it was called when it was cut.
create or replace function ledger.keep_former_name() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  insert into former_account_name (account_id, ended_at, tenant_id, name)
  values (old.id, clock_timestamp(), old.tenant_id, old.name);
  return null;
end $$;

create or replace trigger former_name_is_kept after update of name on ledger.account
  for each row
  when (old.name <> new.name)
  execute function ledger.keep_former_name();
