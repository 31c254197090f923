-- execute: quittance_api, quittance_worker
-- needs: ledger/commit/batch.sql, ledger/locks/holders.sql

-- Which of these transfers cannot be written now, because another transaction has locked their row
-- or, `p_with_accounts`, an account that a report about them may change: {transfer: holder}.
create or replace function ledger.blocked_transfers(p_ids uuid[], p_with_accounts boolean)
returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_transfers jsonb;
  v_reach jsonb;
  v_accounts jsonb;
begin
  perform assert_read_committed();
  v_transfers := holders_of_transfers(p_ids);
  if not p_with_accounts then
    return v_transfers;
  end if;
  select coalesce(jsonb_agg(row(reach.transfer_id, reach.account_id)), '[]')
  into v_reach
  from (
    select hold.transfer_id, account.id as account_id
    from hold
    cross join lateral (values (hold.account_id), (hold.counter_account_id)) account (id)
    where hold.transfer_id = any (p_ids)
    union all
    -- What may be undone.
    select posted.id, account.id
    from transfer posted
    cross join lateral (
      values (posted.source_account_id), (posted.destination_account_id)
    ) account (id)
    where posted.id = any (p_ids) and posted.rail = 'book' and posted.state = 'completed'
    union all
    select ended.id, suspense.id
    from transfer ended
    join account suspense
      on suspense.tenant_id = ended.tenant_id
      and suspense.currency = ended.currency
      and suspense.kind = 'suspense'
    where ended.id = any (p_ids) and ended.state in ('rejected', 'failed', 'cancelled')
  ) reach;
  v_accounts := holders_of_accounts(array(
    select distinct (pair ->> 'f2')::uuid from jsonb_array_elements(v_reach) pair
  ));
  return v_transfers || (
    select coalesce(jsonb_object_agg(pair ->> 'f1', v_accounts -> (pair ->> 'f2')), '{}')
    from jsonb_array_elements(v_reach) pair
    where v_accounts ? (pair ->> 'f2') and not v_transfers ? (pair ->> 'f1')
  );
end $$;
