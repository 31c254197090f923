-- execute: nobody
-- needs: ledger/holds/settle/act.sql, ledger/holds/take-keys.sql

-- The acts that are to be decided: on a hold of the tenant, and with their key where they have one.
create or replace function ledger.take_hold_acts(
  p_acts ledger.hold_act[],
  p_called_at timestamptz
) returns ledger.hold_act[]
language plpgsql as $$
declare
  v_taken constant uuid[] := take_hold_keys(array(
    select row(act.id, act.tenant_id, act.key, act.fingerprint)::hold_key
    from unnest(p_acts) act
    join client_hold held on held.id = act.hold_id and held.tenant_id = act.tenant_id
  ), p_called_at);
begin
  return array(select wanted from unnest(p_acts) wanted where wanted.id = any (v_taken));
end $$;
