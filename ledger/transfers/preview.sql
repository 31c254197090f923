-- execute: quittance_api
-- needs: ledger/rfc3339.sql, ledger/transfers/preview/read-accounts.sql
-- needs: ledger/transfers/reserve/accounts-named.sql
-- needs: ledger/transfers/reserve/candidates.sql, ledger/transfers/reserve/command.sql
-- needs: ledger/transfers/reserve/decide.sql

-- What `reserve` would decide about a transfer now: the same decision on the same rows, read and
-- not locked, so the next commit may change it. Writes nothing and looks at no key. Returns
-- {result, state, refusal, next}; result is `rail_unknown` where no worker has made the row of the
-- network yet, else `decided`.
create or replace function ledger.preview(p_command jsonb) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_commands constant reserve_command[] :=
    array[jsonb_populate_record(null::reserve_command, p_command)];
  v_now constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_reservation reservation;
begin
  if (v_commands[1]).rail not in (select name from rail) then
    return '{"result": "rail_unknown"}'::jsonb;
  end if;
  v_reservation := (decide_reservations(
    candidates_of(v_commands), read_accounts(accounts_named_by(v_commands)), v_now, v_now
  ))[1];
  return jsonb_build_object(
    'result', 'decided',
    'state', (v_reservation.first).state,
    'refusal', v_reservation.refusal,
    'next', case when ((v_reservation.first).next).what is not null then jsonb_build_object(
      'what', ((v_reservation.first).next).what,
      'at', rfc3339(((v_reservation.first).next).next_at),
      'waiting_for', ((v_reservation.first).next).waiting_for
    ) end
  );
end $$;
