-- execute: nobody

-- Double entry, once more: every leg of an entry has one debit and one credit of the same amount,
-- currency and tenant.
create or replace function ledger.refuse_unbalanced() returns trigger language plpgsql as $$
declare
  v_entry uuid;
begin
  select entry_id into v_entry
  from inserted
  group by entry_id, leg
  having count(*) <> 2
    or count(*) filter (where side = 'debit') <> 1
    or min(amount) <> max(amount)
    or min(currency) <> max(currency)
    or min(tenant_id::text) <> max(tenant_id::text)
  limit 1;
  if v_entry is not null then
    raise exception 'entry % does not balance', v_entry using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace trigger every_leg_balances after insert on ledger.posting
  referencing new table as inserted
  for each statement execute function ledger.refuse_unbalanced();
