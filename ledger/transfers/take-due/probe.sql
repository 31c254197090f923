-- execute: nobody
-- needs: ledger/rails/bank-of.sql, ledger/transfers/take-due/next-in-queue.sql

-- The one row in the queue that tries a rail whose breaker is open, or none: of the tenant after
-- the one that probed last, to its bank that was probed longest ago, the row that was tried longest
-- ago. So nobody's failing transfers, however many, keep the breaker open for others by more than
-- a turn each. A look reads a fixed number of tenants, banks and rows, however long the queue is.
create or replace function ledger.next_probe(rail ledger.rail, p_now timestamptz) returns uuid[]
language plpgsql stable as $$
declare
  v_tenants_max constant int := 16;
  v_tenant uuid := rail.probed_tenants[cardinality(rail.probed_tenants)]::uuid;
  v_first uuid;
  v_bank text;
  v_id uuid;
begin
  for n in 1..v_tenants_max loop
    v_tenant := next_tenant_in_queue(rail.name, v_tenant);
    exit when v_tenant is null or v_tenant = v_first;
    v_first := coalesce(v_first, v_tenant);
    foreach v_bank in array banks_in_queue(rail, v_tenant) loop
      v_id := oldest_in_queue(rail.name, v_tenant, v_bank, p_now);
      if v_id is not null then
        return array[v_id];
      end if;
    end loop;
  end loop;
  return array[]::uuid[];
end $$;

-- A probe is on its way: nobody sends another until its lease is over, and its tenant and bank go
-- to the back of the queue. The last 63 of each are kept; what was before them counts as never
-- probed.
create or replace function ledger.note_probe(
  rail ledger.rail,
  p_transfer uuid,
  p_until timestamptz
) returns void
language plpgsql as $$
declare
  v_kept constant int := 63;
  v_tenants text[];
  v_banks text[];
begin
  select
    array_remove(rail.probed_tenants, transfer.tenant_id::text) || transfer.tenant_id::text,
    array_remove(rail.probed_banks, probed_bank(transfer)) || probed_bank(transfer)
  into v_tenants, v_banks
  from transfer
  where transfer.id = p_transfer;
  update rail as r set
    probe_at = p_until,
    probed_tenants = v_tenants[greatest(cardinality(v_tenants) - v_kept + 1, 1):],
    probed_banks = v_banks[greatest(cardinality(v_banks) - v_kept + 1, 1):]
  where r.name = rail.name;
end $$;

-- Which bank of which tenant a transfer goes to.
create or replace function ledger.probed_bank(transfer ledger.transfer) returns text
language sql immutable
return transfer.tenant_id || '/' || ledger.bank_of(transfer.destination_bank);
