-- execute: quittance_api, quittance_worker
-- needs: ledger/feed/horizon.sql, ledger/partitions/months-ahead.sql
-- needs: ledger/upkeep/age.sql, ledger/upkeep/lateness.sql

-- Who is at work, by this database: a few rows and steps along indexes, however large the ledger
-- is. Ages are milliseconds, null for one that was never seen. Returns
--   now_ms         this clock, since 1970
--   is_read_only   nothing can be written on this connection
--   queues         {queue: age of the last word of a worker}
--   runs           {work: age of its last finish}
--   rails          [{name, breaker, is_paused, probe_late_ms, submitting_late_ms,
--                  unknown_late_ms}]; the last two: how late the oldest answer or inquiry is
--   holds_late_ms  how late the oldest client's hold is that should have expired
--   months_ahead   months that have their partitions, 3 at most
--   feed_behind_ms age of the oldest commit that the feed of events does not show yet; 0 when
--                  there is none
create or replace function ledger.liveness() returns jsonb
language plpgsql stable security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  return jsonb_build_object(
    'now_ms', floor(extract(epoch from v_now) * 1000)::bigint,
    'is_read_only', current_setting('transaction_read_only')::boolean,
    'queues', (
      select coalesce(jsonb_object_agg(name, age_ms(seen_at, v_now)), '{}') from worker_queue),
    'runs', (
      select coalesce(jsonb_object_agg(name, age_ms(finished_at, v_now)), '{}') from upkeep_run),
    'rails', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', rail.name,
        'breaker', rail.breaker,
        'is_paused', rail.paused_by is not null,
        'probe_late_ms', probe_late_ms(rail, v_now),
        'submitting_late_ms', submitting_late_ms(rail.name, v_now),
        'unknown_late_ms', unknown_late_ms(rail.name, v_now)
      ) order by rail.name), '[]')
      from rail),
    'holds_late_ms', (
      select coalesce(age_ms(min(held.expires_at), v_now), 0)
      from client_hold held
      where held.state = 'open'),
    'months_ahead', months_ahead(3),
    'feed_behind_ms', coalesce(
      age_ms((feed_horizon() ->> 'withheld_since')::timestamptz, v_now), 0));
end $$;
