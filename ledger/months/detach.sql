-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/entries/find-entry.sql
-- needs: ledger/months/keep-rows/entries.sql, ledger/months/refusals.sql
-- needs: ledger/partitions/make-one.sql

-- Detaches a month of which everything is kept: the three tables in one commit, so that no reader
-- sees entries without their postings. For that moment it needs each table alone. It waits for the
-- first one p_wait_ms at most, and for the others next to nothing, because readers and writers wait
-- for it meanwhile. The tables go into
-- the schema ledger_detached as they are. Answers {result, refusals}: detached, again (it was),
-- not_kept, refused, or busy (try it again).
create or replace function ledger.detach_month(
  p_month date,
  p_keep int,
  p_wait_ms int,
  p_actor text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_refusals text[];
  v_parent text;
  v_name text;
  the_month detached_month;
begin
  if p_keep < 3 or p_wait_ms not between 1 and 2000 then
    raise exception 'at least 3 months stay attached, and a lock is waited for 2 seconds at most';
  end if;
  perform pg_advisory_xact_lock(7202);
  select * into the_month from detached_month where month = p_month for no key update;
  if the_month.status = 'detached' then return '{"result": "again"}'::jsonb; end if;
  if the_month.status is distinct from 'kept' then return '{"result": "not_kept"}'::jsonb; end if;
  v_refusals := refusals_to_detach(p_month, p_keep);
  if cardinality(v_refusals) > 0 then
    return jsonb_build_object('result', 'refused', 'refusals', v_refusals);
  end if;
  -- In the sequence in which a commit writes them. A limit counts for each lock by itself.
  perform set_config('lock_timeout', p_wait_ms || 'ms', true);
  lock table only ledger.entry in access exclusive mode;
  perform set_config('lock_timeout', '10ms', true);
  lock table only ledger.posting, only ledger.event in access exclusive mode;
  -- A request that did not see yet that the month is sealed has ended by now.
  insert into kept_entry (id, tenant_id, effective_at, legs)
  select entry.id, entry.tenant_id, entry.effective_at, legs_to_keep(entry.id, entry.created_at)
  from (
    select distinct reverses_id as id
    from entry_request
    where reverses_id is not null
      and created_at >= the_month.begun_at - interval '5 minutes'
      and created_at < the_month.begun_at + interval '5 minutes'
  ) named
  join entry on entry.id = named.id and entry.created_at = entry_time(named.id)
  where entry.created_at >= the_month.from_at and entry.created_at < the_month.to_at
    and not exists (select from kept_entry where kept_entry.id = entry.id);
  foreach v_parent in array array['entry', 'posting', 'event'] loop
    v_name := partition_name(v_parent, p_month);
    execute format('alter table ledger.%I detach partition ledger.%I', v_parent, v_name);
    execute format('alter table ledger.%I set schema ledger_detached', v_name);
  end loop;
  update detached_month set
    status = 'detached',
    detached_at = date_trunc('milliseconds', clock_timestamp())
  where month = p_month;
  perform write_audit(
    p_actor, null, 'month.detached', to_char(p_month, 'YYYY-MM'),
    jsonb_build_object(
      'entries', the_month.entries, 'postings', the_month.postings, 'events', the_month.events));
  return '{"result": "detached"}'::jsonb;
exception
  when lock_not_available or deadlock_detected then return '{"result": "busy"}'::jsonb;
end $$;
