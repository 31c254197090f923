-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/partitions/make-one.sql

-- Attaches the month again that was detached last, as long as its tables are there, or gives up
-- detaching one that is not detached yet. Nobody who posts waits for it: a month is attached under
-- a lock under which its parent is still written. Answers {result}: attached, again (it is),
-- not_last (a later month was begun, and took the place of rows that this one would need), gone
-- (its tables are not there), other_schema (a migration changed the tables since), or busy (try it
-- again). It reads the whole month once, to see that it is one: with a time for that.
create or replace function ledger.attach_month(
  p_month date,
  p_wait_ms int,
  p_actor text
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_tables constant text[] := array['entry', 'posting', 'event'];
  v_parent text;
  v_name text;
  the_month detached_month;
begin
  if p_wait_ms not between 1 and 2000 then
    raise exception 'a lock is waited for 2 seconds at most';
  end if;
  perform pg_advisory_xact_lock(7202);
  select * into the_month from detached_month where month = p_month for no key update;
  if the_month.month is null or the_month.status = 'attached' then
    return '{"result": "again"}'::jsonb;
  end if;
  if exists (select from detached_month where month > p_month) then
    return '{"result": "not_last"}'::jsonb;
  end if;
  if the_month.status = 'detached' then
    perform set_config('lock_timeout', p_wait_ms || 'ms', true);
    foreach v_parent in array v_tables loop
      if to_regclass('ledger_detached.' || partition_name(v_parent, p_month)) is null then
        return '{"result": "gone"}'::jsonb;
      end if;
    end loop;
    foreach v_parent in array v_tables loop
      v_name := partition_name(v_parent, p_month);
      execute format('alter table ledger_detached.%I set schema ledger', v_name);
      execute format(
        'alter table ledger.%I attach partition ledger.%I for values from (%L) to (%L)',
        v_parent, v_name, the_month.from_at, the_month.to_at);
    end loop;
  end if;
  update detached_month set status = 'attached', detached_at = null where month = p_month;
  perform write_audit(p_actor, null, 'month.attached', to_char(p_month, 'YYYY-MM'), '{}');
  return '{"result": "attached"}'::jsonb;
exception
  when lock_not_available or deadlock_detected then return '{"result": "busy"}'::jsonb;
  when datatype_mismatch then return '{"result": "other_schema"}'::jsonb;
end $$;
