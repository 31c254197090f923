-- execute: nobody
-- needs: ledger/commit/state-change.sql, ledger/transfers/reserve/decide.sql
-- needs: ledger/transfers/reverse/command.sql, ledger/transfers/reverse/reversal-of.sql

-- What changes on the transfers that are undone: of those whose reversal was not declined.
create or replace function ledger.changes_of_reversed(
  p_commands ledger.reverse_command[],
  p_reservations ledger.reservation[]
) returns ledger.state_change[]
language plpgsql stable as $$
begin
  return array(
    select row(
      original.id,
      original.tenant_id,
      original.version + 1,
      original.state,
      (taken.transition).cause,
      (taken.transition).to_state,
      null,
      original.attention_reason,
      null,
      null,
      null,
      null,
      'request',
      null,
      null,
      null,
      null,
      command.actor,
      command.reason,
      command.id
    )::state_change
    from unnest(p_reservations) reservation
    join unnest(p_commands) command on command.id = (reservation.command).id
    join transfer original on original.id = command.reverses_id
    cross join lateral (select reversal_of(original) as transition offset 0) taken
    where reservation.refusal is null
  );
end $$;
