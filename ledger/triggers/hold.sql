-- execute: nobody

-- A hold is closed once, never opened again, and keeps its terms.
create or replace function ledger.refuse_changed_hold() returns trigger language plpgsql as $$
begin
  if old.state <> 'active' or new.state = 'active'
    or (old.transfer_id, old.tenant_id, old.account_id, old.counter_account_id)
      is distinct from (new.transfer_id, new.tenant_id, new.account_id, new.counter_account_id)
    or (old.amount, old.currency, old.created_at)
      is distinct from (new.amount, new.currency, new.created_at)
  then
    raise exception 'the hold of transfer % is closed once and never changed', old.transfer_id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger closed_once before update on ledger.hold
  for each row execute function ledger.refuse_changed_hold();
