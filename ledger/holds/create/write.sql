-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/new-event.sql
-- needs: ledger/holds/create/command.sql, ledger/holds/create/decide.sql
-- needs: ledger/holds/write-effects.sql, ledger/rfc3339.sql

-- Writes new holds that were decided: the request of each, and where it was not refused the hold,
-- its money and its event. Returns {balances, endpoints}.
create or replace function ledger.write_new_holds(
  p_decided ledger.new_hold[],
  p_at timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_made ledger.hold_command[];
begin
  insert into hold_request (id, tenant_id, hold_id, act, refusal_code, created_at)
  select
    (decided.command).id,
    (decided.command).tenant_id,
    (decided.command).id,
    'create',
    decided.refusal,
    p_at
  from unnest(p_decided) decided;
  v_made := array(
    select row(
      command.id, command.tenant_id, command.key, command.fingerprint, command.source_account_id,
      command.destination_account_id, command.amount, command.currency,
      coalesce(command.expires_at, p_at + interval '7 days'), command.reference, command.metadata
    )::hold_command
    from unnest(p_decided) decided
    cross join lateral (select (decided.command).*) command
    where decided.refusal is null
  );
  insert into client_hold (
    id, tenant_id, source_account_id, destination_account_id, currency, amount, reference,
    metadata, expires_at, created_at, updated_at
  )
  select
    made.id,
    made.tenant_id,
    made.source_account_id,
    made.destination_account_id,
    made.currency,
    made.amount,
    made.reference,
    coalesce(made.metadata, '{}'),
    made.expires_at,
    p_at,
    p_at
  from unnest(v_made) made;
  return write_hold_effects(
    array(
      select row(
        null, made.tenant_id, null, 1, 'hold', made.source_account_id,
        made.destination_account_id, made.amount
      )::leg_command
      from unnest(v_made) made
    ),
    array(
      select row(
        made.tenant_id, 'hold', made.id, 1, null, 'created', 'open', jsonb_build_object(
          'source', 'request',
          'amount', made.amount::text,
          'currency', made.currency,
          'expires_at', rfc3339(made.expires_at)
        )
      )::new_event
      from unnest(v_made) made
    ),
    p_at
  );
end $$;
