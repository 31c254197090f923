-- execute: nobody
-- needs: ledger/transfers/reserve/command.sql, ledger/transfers/reverse/command.sql
-- needs: ledger/transfers/reverse/reversal-of.sql

-- The transfer that each command makes, in their order: as the one that it undoes, the other way
-- round. It is made by no group, and is its own. Where there is nothing to undo, its terms are
-- null.
create or replace function ledger.requests_to_reverse(p_commands ledger.reverse_command[])
returns ledger.reserve_command[]
language plpgsql stable as $$
begin
  return array(
    select row(
      command.id,
      command.tenant_id,
      command.id,
      command.key,
      command.fingerprint,
      original.amount,
      original.currency,
      'book',
      original.destination_account_id,
      original.source_account_id,
      null,
      null,
      command.reason,
      null,
      null,
      command.traceparent,
      command.reverses_id
    )::reserve_command
    from unnest(p_commands) with ordinality command
    left join transfer original
      on original.id = command.reverses_id and original.tenant_id = command.tenant_id
    order by command.ordinality
  );
end $$;

-- Those of the requests whose transfer can be undone.
create or replace function ledger.reversible_requests(p_requests ledger.reserve_command[])
returns ledger.reserve_command[]
language plpgsql stable as $$
begin
  return array(
    select request
    from unnest(p_requests) request
    join transfer original
      on original.id = request.reverses_id and original.tenant_id = request.tenant_id
    where (reversal_of(original)).cause is not null
  );
end $$;
