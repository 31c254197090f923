-- execute: quittance_worker
-- needs: ledger/commit/new-event.sql, ledger/commit/write-subject-events.sql, ledger/rfc3339.sql
-- needs: ledger/statements/close-month/digest.sql, ledger/statements/cut/accounts.sql

-- Closes a month, a page of 1,000 accounts a call. Each page is cut once more, which cuts nothing
-- where every account has its statement or a reason to have none (an account whose opening was
-- committed behind the cut gets its own). Then its statements, which are all ready, are compared
-- with the postings, and go into the digest: from the first account that was opened to the last,
-- sha256(the digest so far, account, number, sha256 of the document). The commit that closes it
-- tells the tenant, once. Returns
--   {status: closed, statements}   now or before; now also endpoints, whose delivery should wake
--   {status: closing}              a page is done, there are more
--   {status: open, left, attention}  some are not ready; or (left 0) it is not cut to its end
create or replace function ledger.close_statement_month(p_tenant uuid, p_month text) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_page_max constant int := 1000;
  v_at constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  the_month statement_month;
  done statement_tally;
  v_page cut_page;
begin
  select * into the_month
  from statement_month
  where tenant_id = p_tenant and month = p_month
  for no key update;
  if not found then raise exception 'no month % of tenant % is open', p_month, p_tenant; end if;
  if the_month.status = 'closed' then
    return jsonb_build_object('status', 'closed', 'statements', the_month.accounts);
  end if;
  select coalesce(sum(ready), 0)::int, coalesce(sum(attention), 0)::int
  into done.ready, done.attention
  from statement_tally
  where tenant_id = p_tenant and month = p_month;
  if the_month.status = 'making' and done.ready >= the_month.accounts then
    v_page := cut_accounts(the_month, the_month.closing_after, v_page_max);
    the_month.accounts := the_month.accounts + v_page.cut;
  end if;
  if the_month.status <> 'making' or done.ready < the_month.accounts then
    update statement_month set
      accounts = the_month.accounts, closing_after = null, digest = null
    where tenant_id = p_tenant and month = p_month;
    return jsonb_build_object(
      'status', 'open',
      'left', greatest(the_month.accounts - done.ready, 0),
      'attention', done.attention);
  end if;
  the_month.digest := digest_with_page(the_month, v_page_max);
  update statement_month set
    digest = the_month.digest,
    closing_after = v_page.last,
    status = case when v_page.last is null then 'closed' else 'making' end,
    closed_at = case when v_page.last is null then v_at end
  where tenant_id = p_tenant and month = p_month;
  if v_page.last is not null then return '{"status": "closing"}'::jsonb; end if;
  return jsonb_build_object(
    'status', 'closed',
    'statements', the_month.accounts,
    'endpoints', to_jsonb(write_one_event(
      row(
        p_tenant,
        'statement_run',
        the_month.id,
        1,
        null,
        'run_closed',
        'closed',
        jsonb_build_object(
          'month', p_month,
          'starts_at', rfc3339(the_month.from_at),
          'ends_at', rfc3339(the_month.to_at),
          'statements', the_month.accounts,
          'digest', encode(the_month.digest, 'hex'))
      )::new_event,
      v_at)));
end $$;
