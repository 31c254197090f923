-- execute: nobody

-- Gives rows to a carrier. One that somebody else is changing right now is left out, and one that
-- was changed is looked at as it is now. Returns those that were taken, null for none.
create or replace function ledger.take_rows(
  p_ids uuid[],
  p_carrier uuid,
  p_now timestamptz,
  p_until timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_ids uuid[];
begin
  with free as (
    select id
    from transfer
    where id = any (p_ids) and state = 'scheduled' and (carrier is null or next_at <= p_now)
    for no key update skip locked
  ), taken as (
    update transfer set
      carrier = p_carrier,
      next_at = p_until,
      next_what = 'send',
      waiting_for = 'worker'
    from free
    where transfer.id = free.id
    returning transfer.id
  )
  select array_agg(id order by id) into v_ids from taken;
  return v_ids;
end $$;

create or replace function ledger.nothing_taken(p_is_probe boolean, p_wait_ms bigint) returns jsonb
language sql immutable
return jsonb_build_object('ids', '[]'::jsonb, 'probe', p_is_probe, 'wait_ms', p_wait_ms);
