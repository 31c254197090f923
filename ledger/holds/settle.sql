-- execute: nobody
-- needs: ledger/accounts/lock.sql, ledger/commit/commit-time.sql, ledger/holds/settle/act.sql
-- needs: ledger/holds/settle/decide.sql, ledger/holds/settle/write.sql

-- Captures, releases and expires holds: at most 500 at once, one act a hold. Who comes first under
-- the lock of the hold wins, and the others find it closed. Lock order: holds, accounts, each
-- sorted. Returns {balances, endpoints}.
create or replace function ledger.settle_client_holds(p_acts ledger.hold_act[]) returns jsonb
language plpgsql as $$
declare
  v_holds ledger.client_hold[];
  v_accounts ledger.locked_account[];
  -- `v_at` is written, `v_now` is compared (docs/adr/0014).
  v_at timestamptz;
  v_now timestamptz;
begin
  if cardinality(p_acts) > 500
    or (select count(distinct act.hold_id) from unnest(p_acts) act) < cardinality(p_acts) then
    raise exception 'a batch takes at most 500 commands, one for a hold';
  end if;
  v_holds := array(
    select held
    from client_hold held
    where held.id in (select act.hold_id from unnest(p_acts) act)
    order by held.id
    for no key update
  );
  v_accounts := lock_accounts(array(
    select distinct named.id
    from unnest(v_holds) held
    cross join lateral (
      values (held.source_account_id), (held.destination_account_id)
    ) named (id)
  ));
  v_at := commit_time(v_accounts, (select max(held.updated_at) from unnest(v_holds) held));
  v_now := date_trunc('milliseconds', clock_timestamp());
  return write_hold_decisions(array(
    select decide_hold(wanted, held, v_at, v_now)
    from unnest(p_acts) wanted
    join unnest(v_holds) held on held.id = wanted.hold_id and held.tenant_id = wanted.tenant_id
  ), v_at);
end $$;
