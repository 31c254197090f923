-- execute: nobody

-- A balance belongs to its account: the verbs change its counters, its status and its version.
create or replace function ledger.refuse_changed_account() returns trigger language plpgsql as $$
begin
  raise exception 'the balance of account % belongs to it', old.account_id
    using errcode = 'check_violation';
end $$;

create or replace trigger same_account_always before update on ledger.balance
  for each row
  when ((old.account_id, old.tenant_id, old.kind, old.currency, old.normal, old.created_at)
    is distinct from
    (new.account_id, new.tenant_id, new.kind, new.currency, new.normal, new.created_at))
  execute function ledger.refuse_changed_account();
