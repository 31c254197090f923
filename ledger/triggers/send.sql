-- execute: nobody

-- A grant keeps its terms, and a decisive outcome of a send stands, with its reference.
create or replace function ledger.refuse_changed_send() returns trigger language plpgsql as $$
begin
  if (old.transfer_id, old.attempt_n, old.n, old.tenant_id)
      is distinct from (new.transfer_id, new.attempt_n, new.n, new.tenant_id)
    or (old.sender, old.granted_at, old.lease_until)
      is distinct from (new.sender, new.granted_at, new.lease_until)
    or (old.outcome in ('accepted', 'rejected', 'not_taken', 'not_sent')
      and new.outcome is distinct from old.outcome)
    or (old.outcome = 'unknown' and new.outcome is null)
    or (old.rail_reference is not null and new.rail_reference is distinct from old.rail_reference)
  then
    raise exception 'send % of transfer % cannot change so', old.n, old.transfer_id
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger decided_once before update on ledger.send
  for each row execute function ledger.refuse_changed_send();
