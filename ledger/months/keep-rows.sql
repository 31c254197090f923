-- execute: quittance_owner
-- needs: ledger/months/keep-rows/entries.sql, ledger/months/keep-rows/events.sql
-- needs: ledger/months/keep-rows/postings.sql, ledger/months/keep-rows/statements.sql

-- Keeps what must go on answering of the next p_rows rows of a month that is being detached, and
-- remembers how far it came, in one commit: killed anywhere, it goes on behind the last page. Reads
-- the month, and locks none of its writers: it has none. Answers {result, step, postings, entries,
-- events}: more, whole (there is no more to keep), not_begun, busy (try it again), or why it cannot
-- go on now:
-- transfers_open, holds_open, statements_not_ready.
create or replace function ledger.keep_rows(p_month date, p_rows int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_horizon constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
  the_month detached_month;
  after_page detached_month;
begin
  if p_rows not between 1 and 20000 then raise exception 'a page has 1 to 20000 rows'; end if;
  select * into the_month from detached_month where month = p_month for no key update;
  if the_month.status is distinct from 'keeping' then
    return jsonb_build_object(
      'result', case when the_month.status in ('kept', 'detached') then 'whole' else 'not_begun' end
    );
  end if;
  after_page := case the_month.step
    when 'postings' then keep_balances(the_month, p_rows)
    when 'entries' then keep_entries(the_month, p_rows, v_horizon)
    when 'events' then keep_events(the_month, p_rows, v_horizon)
    when 'statements' then check_statements(the_month, p_rows)
  end;
  if after_page.status <> 'keeping' then
    return jsonb_build_object('result', after_page.status);
  end if;
  update detached_month set
    status = case after_page.step when 'whole' then 'kept' else 'keeping' end,
    step = after_page.step,
    after_id = after_page.after_id,
    after_at = after_page.after_at,
    after_seq = after_page.after_seq,
    postings = after_page.postings,
    entries = after_page.entries,
    events = after_page.events,
    own_xid = after_page.own_xid,
    older_xid = after_page.older_xid
  where month = p_month;
  return jsonb_build_object(
    'result', case after_page.step when 'whole' then 'whole' else 'more' end,
    'step', after_page.step,
    'postings', after_page.postings,
    'entries', after_page.entries,
    'events', after_page.events);
exception
  -- Somebody else keeps the same rows.
  when lock_not_available then return '{"result": "busy"}'::jsonb;
end $$;
