-- execute: quittance_api
-- needs: ledger/audit/write.sql, ledger/commit/batch.sql, ledger/periods/close/earlier-commits.sql
-- needs: ledger/periods/closed-until.sql

-- Closes a month of a tenant and all before it, for good. Members of p_close: tenant_id, month (its
-- first day), asked_at (by the clock of the program that asks), actor. Returns
--   ok        it is closed, now or before
--   not_over  by one of both clocks it has not been over for a minute
--   busy      a commit that began before has not ended; nothing is written
-- Two clocks are asked, because what is closed by one that runs ahead cannot be opened again. The
-- minute is more than a statement may take.
create or replace function ledger.close_period(p_close jsonb) returns text
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_tenant constant uuid := (p_close ->> 'tenant_id')::uuid;
  v_month constant date := (p_close ->> 'month')::date;
  v_now constant timestamptz :=
    least(clock_timestamp(), (p_close ->> 'asked_at')::timestamptz);
  v_first date;
  v_at timestamptz;
  v_batch bigint;
begin
  perform assert_read_committed();
  if end_of_month(v_month) <= closed_until(v_tenant) then return 'ok'; end if;
  if end_of_month(v_month) > v_now - interval '1 minute' then return 'not_over'; end if;
  if not earlier_commits_ended() then return 'busy'; end if;

  perform pg_advisory_xact_lock(period_lock(v_tenant));
  if end_of_month(v_month) <= closed_until(v_tenant) then return 'ok'; end if;
  v_first := coalesce((closed_until(v_tenant) at time zone 'UTC')::date, v_month);
  v_at := date_trunc('milliseconds', clock_timestamp());
  v_batch := new_batch(v_at, 1, 0);
  -- The months between the last that is closed and this one are closed by this commit too.
  insert into period (tenant_id, month, closed_by, batch_id, closed_at)
  select v_tenant, month::date, p_close ->> 'actor', v_batch, v_at
  from generate_series(v_first::timestamp, v_month::timestamp, interval '1 month') month;
  perform write_audit(
    p_close ->> 'actor', v_tenant, 'period.closed', to_char(v_month, 'YYYY-MM'),
    jsonb_build_object('first', to_char(v_first, 'YYYY-MM')));
  return 'ok';
end $$;
