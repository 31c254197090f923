-- execute: nobody
-- needs: ledger/entries/find-entry.sql, ledger/entries/post-entries/command.sql, ledger/ids.sql

-- Takes the idempotency keys of new entries, in order of tenant and key, and returns the commands
-- that got theirs, in their order. The same key, being inserted elsewhere, makes this one wait. No
-- key is taken by an id that is not of this moment (as in ledger.take_keys), nor for the reversal
-- of an entry that the tenant does not have.
create or replace function ledger.take_entry_keys(
  p_commands ledger.entry_command[],
  p_called_at timestamptz
) returns ledger.entry_command[]
language plpgsql as $$
declare
  v_taken uuid[];
begin
  with taken as (
    insert into idempotency_key (tenant_id, key, fingerprint, entry_id, created_at)
    select
      command.tenant_id,
      command.key,
      decode(command.fingerprint, 'hex'),
      command.id,
      date_trunc('milliseconds', p_called_at)
    from unnest(p_commands) command
    where uuid_time(command.id)
        between p_called_at - interval '5 minutes' and p_called_at + interval '1 minute'
      and (command.reverses_id is null
        or not is_sealed_entry(command.reverses_id)
          and (find_entry(command.reverses_id, command.tenant_id)).id is not null)
    order by command.tenant_id, command.key
    on conflict (tenant_id, key) do nothing
    returning entry_id
  )
  select array_agg(entry_id) into v_taken from taken;
  return array(select command from unnest(p_commands) command where command.id = any (v_taken));
end $$;
