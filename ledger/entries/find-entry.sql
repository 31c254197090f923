-- execute: nobody
-- needs: ledger/ids.sql, ledger/months/is-sealed.sql

-- When the entry of an id was committed, so that only the partition of its month is looked into.
-- The id of a transfer's entry is made in its commit and has that time; another entry has its
-- request.
create or replace function ledger.entry_time(p_id uuid) returns timestamptz
language sql stable
return coalesce(
  (select entry_request.created_at from ledger.entry_request where entry_request.id = p_id),
  ledger.uuid_time(p_id)
);

-- The entry of an id, if it is the tenant's; else null.
create or replace function ledger.find_entry(p_id uuid, p_tenant uuid) returns ledger.entry
language plpgsql stable as $$
declare
  v_at constant timestamptz := entry_time(p_id);
  found ledger.entry;
begin
  select * into found
  from entry
  where entry.id = p_id and entry.tenant_id = p_tenant and entry.created_at = v_at;
  return found;
end $$;

-- Whether the entry of an id, if there is one, is in a month that is detached, or is being
-- detached: nothing may ask for it that did not before.
create or replace function ledger.is_sealed_entry(p_id uuid) returns boolean
language sql stable
return ledger.is_sealed(ledger.entry_time(p_id));
