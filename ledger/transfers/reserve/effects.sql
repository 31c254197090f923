-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/state-change.sql
-- needs: ledger/transfers/reserve/decide.sql

create or replace function ledger.changes_of(p_reservations ledger.reservation[])
returns ledger.state_change[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      (reservation.command).id,
      (reservation.command).tenant_id,
      1,
      null,
      (reservation.first).cause,
      (reservation.first).state,
      (reservation.first).next,
      null,
      null,
      null,
      reservation.entry_id,
      reservation.refusal,
      case when reservation.refusal is null then 'request' else 'ledger' end,
      null,
      null,
      null,
      null,
      null,
      null,
      null
    )::state_change
    from unnest(p_reservations) reservation
  );
end $$;

create or replace function ledger.legs_of(p_reservations ledger.reservation[])
returns ledger.leg_command[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      (reservation.command).id,
      (reservation.command).tenant_id,
      reservation.entry_id,
      1,
      case (reservation.first).state when 'completed' then 'post' else 'hold' end,
      reservation.source_account_id,
      reservation.taker_account_id,
      (reservation.command).amount
    )::leg_command
    from unnest(p_reservations) reservation
    where reservation.refusal is null
  );
end $$;
