-- execute: quittance_worker
-- needs: ledger/commit/batch.sql, ledger/holds/correct-expiries.sql, ledger/holds/settle.sql
-- needs: ledger/holds/settle/act.sql

-- Expires holds whose time has come, oldest first, behind the place {expires_at, id} in p_after.
-- Waits for no lock: a hold or an account that is locked is left for the next look. An expiry
-- cannot be undone, so it needs a clock that was right for a while (docs/adr/0036): `hold_expiry`
-- has run for five minutes without a gap or a jump, and p_clock, that of the caller, is less than a
-- minute away. Until then nothing expires. Returns {expired, balances, endpoints, last}; `last` is
-- null where nothing more is due.
create or replace function ledger.expire_holds(
  p_after jsonb,
  p_limit int,
  p_clock timestamptz
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_steady_since constant timestamptz := (
    select run.steady_since
    from upkeep_run run
    where run.name = 'hold_expiry'
      and run.finished_at between v_now - interval '2 minutes' and clock_timestamp()
      and p_clock between v_now - interval '1 minute' and v_now + interval '1 minute'
  );
  v_due client_hold[];
  v_free uuid[];
  v_acts hold_act[];
begin
  perform assert_read_committed();
  if v_steady_since is null or v_steady_since > v_now - interval '5 minutes' then
    return '{"expired": 0, "balances": [], "endpoints": [], "last": null}'::jsonb;
  end if;
  if v_steady_since <= v_now - interval '1 hour' then
    perform correct_expiries(v_now);
  end if;
  v_due := array(
    select held
    from client_hold held
    where held.state = 'open'
      and held.expires_at <= least(v_now, p_clock)
      and (held.expires_at, held.id) > (
        coalesce((p_after ->> 'expires_at')::timestamptz, '-infinity'),
        coalesce((p_after ->> 'id')::uuid, '00000000-0000-0000-0000-000000000000')
      )
    order by held.expires_at, held.id
    limit least(p_limit, 500)
    for no key update skip locked
  );
  v_free := array(
    select account_id
    from balance
    where account_id in (
      select named.id
      from unnest(v_due) held
      cross join lateral (
        values (held.source_account_id), (held.destination_account_id)
      ) named (id)
    )
    order by account_id
    for no key update skip locked
  );
  v_acts := array(
    select row(null, held.tenant_id, null, null, held.id, 'expire', null, null, null)::hold_act
    from unnest(v_due) held
    where held.source_account_id = any (v_free) and held.destination_account_id = any (v_free)
  );
  return settle_client_holds(v_acts) || jsonb_build_object(
    'expired', cardinality(v_acts),
    'last', case when cardinality(v_due) = least(p_limit, 500) then jsonb_build_object(
      'expires_at', v_due[cardinality(v_due)].expires_at,
      'id', v_due[cardinality(v_due)].id
    ) end
  );
end $$;
