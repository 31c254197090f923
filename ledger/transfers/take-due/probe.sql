-- execute: nobody
-- needs: ledger/rails/bank-of.sql, ledger/transfers/take-due/busy-accounts.sql

-- The one row that tries a rail whose breaker is open, or none: of the tenant that probed longest
-- ago, to its bank that was probed longest ago, the row that was tried longest ago. So nobody's
-- failing transfers, however many, keep the breaker open for others by more than a turn each.
create or replace function ledger.next_probe(rail ledger.rail, p_now timestamptz) returns uuid[]
language plpgsql stable as $$
begin
  return array(
    with busy as materialized (
      select distinct account_id from busy_accounts(rail.name, p_now) account_id
    )
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.waiting_for <> 'person'
      and (
        transfer.next_at <= p_now
        or transfer.next_what = 'send_when_rail_recovers' and transfer.carrier is null
      )
      and transfer.source_account_id not in (select account_id from busy)
    order by
      coalesce(array_position(rail.probed_tenants, transfer.tenant_id::text), 0),
      coalesce(array_position(rail.probed_banks, probed_bank(transfer)), 0),
      transfer.state_since,
      transfer.id
    limit 1
  );
end $$;

-- A probe is on its way: nobody sends another until its lease is over, and its tenant and bank go
-- to the back of the line. The last 63 of each are kept; whoever was before them counts as never
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
