-- execute: nobody

-- What a transfer is about never changes after its first commit. The trigger names each column that
-- the function compares, so that a change of what comes next does not pay for it; a test goes
-- through all columns of the table.
create or replace function ledger.refuse_changed_terms() returns trigger language plpgsql as $$
begin
  if (old.id, old.tenant_id, old.amount, old.currency, old.rail)
      is distinct from (new.id, new.tenant_id, new.amount, new.currency, new.rail)
    or (old.idempotency_key, old.created_by_group, old.created_at, old.execute_at)
      is distinct from (new.idempotency_key, new.created_by_group, new.created_at, new.execute_at)
    or (old.source_account_id, old.destination_account_id, old.destination_bank)
      is distinct from
      (new.source_account_id, new.destination_account_id, new.destination_bank)
    or (old.reference, old.description, old.metadata, old.traceparent, old.reverses_id)
      is distinct from
      (new.reference, new.description, new.metadata, new.traceparent, new.reverses_id)
    or (old.entry_id is not null and old.entry_id is distinct from new.entry_id)
  then
    raise exception 'the terms of transfer % cannot change', old.id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger terms_never_change
  before update of id, tenant_id, amount, currency, rail, idempotency_key, created_by_group,
    created_at, execute_at, source_account_id, destination_account_id, destination_bank, reference,
    description, metadata, traceparent, reverses_id
  on ledger.transfer
  for each row execute function ledger.refuse_changed_terms();

-- Every change of a state writes the entry, and almost always the one that is there.
create or replace trigger entry_never_changes
  before update of entry_id on ledger.transfer
  for each row
  when (old.entry_id is not null and old.entry_id is distinct from new.entry_id)
  execute function ledger.refuse_changed_terms();
