-- execute: nobody
-- needs: ledger/ids.sql, ledger/transfers/reserve/command.sql

-- Takes the idempotency keys of new transfers, in order of tenant and key, and returns the ids of
-- those that got theirs. The same key, being inserted elsewhere, makes this one wait. An id that is
-- not of this moment gets no key: its request may have lain in a queue
-- (docs/adr/0006-protected-twice-by-id.md). Nor does one on a network that has no row yet: a worker
-- that knows it writes the row (ledger.register_rail).
create or replace function ledger.take_keys(
  p_commands ledger.reserve_command[],
  p_called_at timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_taken uuid[];
begin
  with taken as (
    insert into idempotency_key (tenant_id, key, fingerprint, transfer_id, created_at)
    select
      command.tenant_id,
      command.key,
      decode(command.fingerprint, 'hex'),
      command.id,
      date_trunc('milliseconds', p_called_at)
    from unnest(p_commands) command
    where uuid_time(command.id)
        between p_called_at - interval '5 minutes' and p_called_at + interval '1 minute'
      and command.rail in (select name from rail)
    order by command.tenant_id, command.key
    on conflict (tenant_id, key) do nothing
    returning transfer_id
  )
  select array_agg(transfer_id) into v_taken from taken;
  return coalesce(v_taken, '{}');
end $$;

-- Those of the commands whose id is among the given, in their order.
create or replace function ledger.commands_with(
  p_commands ledger.reserve_command[],
  p_ids uuid[]
) returns ledger.reserve_command[]
language plpgsql immutable as $$
begin
  if cardinality(p_ids) = cardinality(p_commands) then
    return p_commands;
  end if;
  return array(select command from unnest(p_commands) command where command.id = any (p_ids));
end $$;
