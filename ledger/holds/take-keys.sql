-- execute: nobody
-- needs: ledger/ids.sql

-- The key of a request about a hold. `id` is the request's.
create type ledger.hold_key as (
  id uuid,
  tenant_id uuid,
  key text,
  fingerprint text
);

-- Takes the idempotency keys of new requests, in order of tenant and key, and returns the ids of
-- those that are to be decided: that got their key, or came without one and were not decided yet.
-- The same key, being inserted elsewhere, makes this one wait. An id that is not of this moment is
-- not decided (as in ledger.take_keys).
create or replace function ledger.take_hold_keys(
  p_keys ledger.hold_key[],
  p_called_at timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_taken uuid[];
begin
  with fresh as (
    select wanted.*
    from unnest(p_keys) wanted
    where uuid_time(wanted.id)
      between p_called_at - interval '5 minutes' and p_called_at + interval '1 minute'
  ), taken as (
    insert into idempotency_key (tenant_id, key, fingerprint, resource_id, created_at)
    select
      fresh.tenant_id,
      fresh.key,
      decode(fresh.fingerprint, 'hex'),
      fresh.id,
      date_trunc('milliseconds', p_called_at)
    from fresh
    where fresh.key is not null
    order by fresh.tenant_id, fresh.key
    on conflict (tenant_id, key) do nothing
    returning resource_id
  )
  select array_agg(ready.id)
  into v_taken
  from (
    select resource_id as id from taken
    union all
    select fresh.id
    from fresh
    where fresh.key is null
      and not exists (select from hold_request where hold_request.id = fresh.id)
  ) ready;
  return coalesce(v_taken, '{}');
end $$;
