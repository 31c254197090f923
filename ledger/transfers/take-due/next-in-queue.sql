-- execute: nobody
-- needs: ledger/rails/bank-of.sql, ledger/transfers/take-due/is-busy.sql

-- The tenant with rows in the queue after this one in the order of ids, and behind the last the
-- first; null when nobody is in the queue.
create or replace function ledger.next_tenant_in_queue(p_rail text, p_after uuid) returns uuid
language plpgsql stable as $$
begin
  return coalesce(
    (
      select transfer.tenant_id
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.tenant_id > p_after
      order by transfer.tenant_id
      limit 1
    ),
    (
      select transfer.tenant_id
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
      order by transfer.tenant_id
      limit 1
    )
  );
end $$;

-- Banks that rows of a tenant in the queue go to, the one probed longest ago first. At most 64,
-- from the one after that which was probed last, so that each gets its turn however many there are.
create or replace function ledger.banks_in_queue(rail ledger.rail, p_tenant uuid) returns text[]
language plpgsql stable as $$
declare
  v_banks_max constant int := 64;
  v_banks text[] := array[]::text[];
  -- Where no bank of this tenant is remembered, that of another one is a place to begin.
  v_last constant text := (
    select split_part(probed.bank, '/', 2)
    from unnest(rail.probed_banks) with ordinality probed (bank, place)
    order by split_part(probed.bank, '/', 1) = p_tenant::text desc, probed.place desc
    limit 1
  );
  v_bank text := coalesce(v_last, '');
  v_is_second_round boolean := v_bank = '';
begin
  while cardinality(v_banks) < v_banks_max loop
    v_bank := (
      select bank_of(transfer.destination_bank)
      from transfer
      where transfer.rail = rail.name
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.tenant_id = p_tenant
        and bank_of(transfer.destination_bank) > v_bank
      order by bank_of(transfer.destination_bank)
      limit 1
    );
    exit when v_is_second_round and (v_bank is null or v_bank > v_last);
    if v_bank is null then
      v_is_second_round := true;
      v_bank := '';
    else
      v_banks := v_banks || v_bank;
    end if;
  end loop;
  return array(
    select bank.name
    from unnest(v_banks) with ordinality bank (name, place)
    order by
      coalesce(array_position(rail.probed_banks, p_tenant || '/' || bank.name), 0),
      bank.place
  );
end $$;

-- The row of a tenant and bank in the queue that was tried longest ago, of the first few whose
-- account is not busy.
create or replace function ledger.oldest_in_queue(
  p_rail text,
  p_tenant uuid,
  p_bank text,
  p_now timestamptz
) returns uuid
language plpgsql stable as $$
declare
  v_rows_max constant int := 8;
begin
  return (
    select oldest.id
    from (
      select transfer.id, transfer.source_account_id, transfer.state_since
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.tenant_id = p_tenant
        and bank_of(transfer.destination_bank) = p_bank
      order by transfer.state_since, transfer.id
      limit v_rows_max
    ) oldest
    where not is_busy(oldest.source_account_id, p_rail, p_now)
    order by oldest.state_since, oldest.id
    limit 1
  );
end $$;
