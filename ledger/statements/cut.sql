-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/statements/cut/accounts.sql

-- Cuts the statements of a month for a page of accounts (at most 1,000). Nothing is cut before
-- every commit has ended that may carry a time of the month. Such a commit took its first row
-- lock, and with it its number, before this clock passed the end of the month; so once it has
-- passed, this transaction takes a number, and the cut begins when no smaller one runs. The months
-- of a tenant are cut one after the other. Returns {status: waiting, wait_ms} or {status: cut,
-- last, seen, cut}; `last` is where the next page begins, null when every account was looked at.
create or replace function ledger.cut_statements(
  p_tenant uuid,
  p_month text,
  p_after uuid,
  p_limit int
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  the_month statement_month;
  v_end constant timestamptz := (
    select to_at from statement_month where tenant_id = p_tenant and month = p_month);
  v_page cut_page;
begin
  -- Before the lock, which takes the number: it must be taken after the end of the month.
  if v_end > clock_timestamp() then
    return jsonb_build_object(
      'status', 'waiting', 'wait_ms', milliseconds_until(v_end, clock_timestamp()));
  end if;
  select * into the_month
  from statement_month
  where tenant_id = p_tenant and month = p_month
  for no key update;
  if not found then raise exception 'no month % of tenant % is open', p_month, p_tenant; end if;
  if the_month.status in ('making', 'closed') then
    return '{"status": "cut", "last": null, "seen": 0, "cut": 0}'::jsonb;
  end if;
  if the_month.cut_after is null then
    -- Not the snapshot's xmax, which is behind the last that ended: a later one may run already.
    update statement_month set cut_after = pg_current_xact_id()
    where tenant_id = p_tenant and month = p_month;
    return '{"status": "waiting", "wait_ms": 50}'::jsonb;
  end if;
  if pg_snapshot_xmin(pg_current_snapshot()) < the_month.cut_after
    or exists (
      select
      from statement_month earlier
      where earlier.tenant_id = p_tenant
        and earlier.from_at < the_month.from_at
        and earlier.status in ('waiting', 'cutting')
    )
  then
    return '{"status": "waiting", "wait_ms": 500}'::jsonb;
  end if;
  v_page := cut_accounts(the_month, p_after, least(p_limit, 1000));
  update statement_month set
    status = case when v_page.last is null then 'making' else 'cutting' end,
    cut_at = case when v_page.last is null then clock_timestamp() end,
    accounts = accounts + v_page.cut
  where tenant_id = p_tenant and month = p_month;
  return jsonb_build_object(
    'status', 'cut', 'last', v_page.last, 'seen', v_page.seen, 'cut', v_page.cut);
end $$;
