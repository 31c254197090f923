-- execute: nobody

-- Double entry, once more: every leg of an entry has one debit and one credit of the same amount and currency.
create or replace function ledger.refuse_unbalanced() returns trigger language plpgsql as $$
declare v_bad uuid;
begin
  select p.entry_id into v_bad from inserted p group by p.entry_id, p.leg
    having count(*) <> 2 or count(*) filter (where p.side = 'debit') <> 1 or min(p.amount) <> max(p.amount)
      or min(p.currency) <> max(p.currency) or min(p.tenant_id::text) <> max(p.tenant_id::text)
    limit 1;
  if v_bad is not null then
    raise exception 'entry % does not balance', v_bad using errcode = 'check_violation';
  end if;
  return null;
end $$;
create or replace trigger every_leg_balances after insert on ledger.posting referencing new table as inserted
  for each statement execute function ledger.refuse_unbalanced();
