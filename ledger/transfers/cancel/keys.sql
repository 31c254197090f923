-- execute: nobody
-- needs: ledger/transfers/cancel/cancellation-of.sql, ledger/transfers/cancel/command.sql

-- Takes the keys of those that can be answered with a cancelled transfer, so that a refusal leaves
-- its key unused. The transfers are locked before: nothing that has a key waits for a transfer.
-- Returns the transfers whose command goes on: its key was free, or it has none.
create or replace function ledger.take_cancel_keys(
  p_commands ledger.cancel_command[],
  p_now timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_ids uuid[];
begin
  with able as (
    select command.*
    from unnest(p_commands) command
    join transfer on transfer.id = command.id and transfer.tenant_id = command.tenant_id
    where transfer.state = 'cancelled' or cancellation_of(transfer, p_now) is not null
  ), taken as (
    insert into idempotency_key (tenant_id, key, fingerprint, resource_id, created_at)
    select able.tenant_id, able.key, decode(able.fingerprint, 'hex'), able.id, p_now
    from able
    where able.key is not null
    order by able.tenant_id, able.key
    on conflict (tenant_id, key) do nothing
    returning resource_id
  )
  select array_agg(able.id) filter (
    where able.key is null or able.id in (select taken.resource_id from taken)
  )
  into v_ids
  from able;
  return coalesce(v_ids, '{}');
end $$;
