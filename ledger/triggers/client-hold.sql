-- execute: nobody

-- A client's hold keeps its terms and is closed once; what was captured never goes back. Its time
-- to expire only comes nearer, where a wrong clock had put it too far ahead.
create or replace function ledger.refuse_changed_client_hold() returns trigger
language plpgsql as $$
begin
  if old.state <> 'open'
    or (old.id, old.tenant_id, old.source_account_id, old.destination_account_id, old.currency)
      is distinct from
      (new.id, new.tenant_id, new.source_account_id, new.destination_account_id, new.currency)
    or (old.amount, old.reference, old.metadata, old.created_at)
      is distinct from (new.amount, new.reference, new.metadata, new.created_at)
    or new.captured_amount < old.captured_amount
    or new.captures not in (old.captures, old.captures + 1)
    or (new.captures = old.captures) <> (new.captured_amount = old.captured_amount)
    or new.expires_at > old.expires_at
    or new.version <> old.version
      + ((old.state, old.captures) is distinct from (new.state, new.captures))::int
    or (new.state = 'captured' and new.captures = old.captures)
    or (new.state in ('released', 'expired') and new.captures <> old.captures)
  then
    raise exception 'hold % is closed once and keeps its terms', old.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger closed_once before update on ledger.client_hold
  for each row execute function ledger.refuse_changed_client_hold();

-- A hold begins open and whole.
create or replace function ledger.refuse_used_client_hold() returns trigger
language plpgsql as $$
begin
  raise exception 'hold % does not begin open', new.id using errcode = 'check_violation';
end $$;

create or replace trigger begins_open before insert on ledger.client_hold
  for each row
  when (new.state <> 'open' or new.captures <> 0 or new.captured_amount <> 0 or new.version <> 1)
  execute function ledger.refuse_used_client_hold();
