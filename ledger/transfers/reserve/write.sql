-- execute: nobody
-- needs: ledger/transfers/rail-key.sql, ledger/transfers/reserve/decide.sql

-- Writes the rows of transfers that were decided: the transfer, the hold of one that waits, and its
-- attempt where it goes to a network.
create or replace function ledger.write_reservations(
  p_reservations ledger.reservation[],
  p_at timestamptz
) returns void
language plpgsql as $$
begin
  insert into transfer (
    id, tenant_id, state, cause, amount, currency, rail, source_account_id,
    destination_account_id, destination_bank, idempotency_key, reference, description, metadata,
    execute_at, refusal_code, next_what, next_at, waiting_for, created_by_group, carrier, entry_id,
    reverses_id, traceparent, state_since, created_at, updated_at, completed_at
  )
  select
    command.id,
    command.tenant_id,
    first.state,
    first.cause,
    command.amount,
    command.currency,
    command.rail,
    reservation.source_account_id,
    reservation.destination_account_id,
    command.destination_bank,
    command.key,
    command.reference,
    command.description,
    coalesce(command.metadata, '{}'),
    command.execute_at,
    reservation.refusal,
    (first.next).what,
    (first.next).next_at,
    (first.next).waiting_for,
    command.group_id,
    case first.state when 'submitting' then command.group_id end,
    reservation.entry_id,
    command.reverses_id,
    command.traceparent,
    p_at,
    p_at,
    p_at,
    case first.state when 'completed' then p_at end
  from unnest(p_reservations) reservation
  cross join lateral (select (reservation.command).*) command
  cross join lateral (select (reservation.first).*) first;

  insert into hold (
    transfer_id, tenant_id, account_id, counter_account_id, amount, currency, created_at
  )
  select
    command.id,
    command.tenant_id,
    reservation.source_account_id,
    reservation.taker_account_id,
    command.amount,
    command.currency,
    p_at
  from unnest(p_reservations) reservation
  cross join lateral (select (reservation.command).*) command
  where (reservation.first).state in ('scheduled', 'submitting');

  insert into attempt (
    transfer_id, n, tenant_id, rail, rail_key, clearing_account_id, created_at
  )
  select
    command.id,
    1,
    command.tenant_id,
    command.rail,
    rail_key(command.id, 1),
    reservation.taker_account_id,
    p_at
  from unnest(p_reservations) reservation
  cross join lateral (select (reservation.command).*) command
  where (reservation.first).state in ('scheduled', 'submitting') and command.rail <> 'book';
end $$;
