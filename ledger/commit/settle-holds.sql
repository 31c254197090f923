-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/state-change.sql

-- Closes the holds of transfers that come to an end: captured by what completes them, else
-- released. Returns the legs that follow from it.
create or replace function ledger.settle_holds(p_changes ledger.state_change[], p_at timestamptz)
returns ledger.leg_command[]
language plpgsql as $$
declare
  v_legs ledger.leg_command[];
begin
  with settled as (
    update hold set
      state = case change.to_state when 'completed' then 'captured' else 'released' end,
      closed_at = p_at
    from unnest(p_changes) change
    where hold.transfer_id = change.transfer_id
      and change.from_state in ('scheduled', 'submitting', 'unknown')
      and change.to_state in ('completed', 'rejected', 'failed', 'cancelled')
    returning
      hold.transfer_id,
      hold.tenant_id,
      change.entry_id,
      1::smallint,
      case hold.state when 'captured' then 'capture' else 'release' end,
      hold.account_id,
      hold.counter_account_id,
      hold.amount
  )
  select array_agg(settled::leg_command) into v_legs from settled;
  return coalesce(v_legs, '{}');
end $$;
