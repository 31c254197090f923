-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/months/refusals.sql

-- Begins to detach a month, or goes on with it: from now on nothing may ask for more of it than is
-- kept (is_sealed). p_keep: how many whole months before this one stay attached, at least 3.
-- Answers {result, refusals}: begun, again (it was begun), detached (it is), busy (try it
-- again), or refused.
create or replace function ledger.begin_detaching(
  p_month date,
  p_keep int,
  p_actor text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_at constant timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_refusals text[];
  the_month detached_month;
begin
  if p_keep < 3 or p_month <> date_trunc('month', p_month)::date then
    raise exception 'a month is its first day, and at least 3 stay attached';
  end if;
  -- Two operators at once: the second sees what the first began.
  perform pg_advisory_xact_lock(7202);
  select * into the_month from detached_month where month = p_month;
  if the_month.status = 'detached' then return '{"result": "detached"}'::jsonb; end if;
  v_refusals := refusals_to_detach(p_month, p_keep);
  if cardinality(v_refusals) > 0 then
    return jsonb_build_object('result', 'refused', 'refusals', v_refusals);
  end if;
  if the_month.status in ('keeping', 'kept') then return '{"result": "again"}'::jsonb; end if;
  insert into detached_month (month, from_at, to_at, status, step, begun_at)
  values (
    p_month,
    p_month::timestamp at time zone 'UTC',
    (p_month::timestamp + interval '1 month') at time zone 'UTC',
    'keeping',
    'postings',
    v_at)
  -- It was given up, or attached again: its postings are as they were, and what may have been asked
  -- for meanwhile is looked at again.
  on conflict (month) do update set
    status = 'keeping',
    step = case detached_month.step when 'postings' then 'postings' else 'entries' end,
    after_id = case detached_month.step when 'postings' then detached_month.after_id end,
    after_at = case detached_month.step when 'postings' then detached_month.after_at end,
    after_seq = case detached_month.step when 'postings' then detached_month.after_seq end,
    entries = 0,
    events = 0,
    -- Found again: in a database that was filled from a dump since, they would refuse it always.
    own_xid = null,
    older_xid = null,
    begun_at = excluded.begun_at;
  perform write_audit(
    p_actor, null, 'month.detaching_begun', to_char(p_month, 'YYYY-MM'), '{}');
  return '{"result": "begun"}'::jsonb;
exception
  when lock_not_available then return '{"result": "busy"}'::jsonb;
end $$;
