-- execute: quittance_api, quittance_worker
-- needs: ledger/notices/endpoints-waiting.sql, ledger/upkeep/age.sql
-- needs: ledger/upkeep/kept-records.sql
-- needs: ledger/upkeep/open-attentions.sql, ledger/upkeep/open-transfers.sql
-- needs: ledger/upkeep/waiting-archive.sql, ledger/upkeep/waiting-statements.sql

-- What waits, over all tenants, for figures and alarms. Counts stop at ten thousand, so that a
-- look costs the same however much there is. Returns
--   open         [{rail, state, count}]
--   banks        [{rail, down, oldest, oldest_ms}]: how many banks have an open breaker, which of
--                them the longest, and for how long
--   attentions   [{reason, count, transfer_id}], those that nobody has acknowledged
--   notices      {due, oldest_ms}: notices that are due now, of 500 endpoints that are not disabled
--                and at most 100 of each; and how long the oldest is
--   statements   as waiting_statements
--   archive      as waiting_archive
--   records_kept_ms   as records_kept_ms
create or replace function ledger.backlog() returns jsonb
language plpgsql volatile security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  return jsonb_build_object(
    'open', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'rail', rail.name,
        'state', look.state,
        'count', count_open(rail.name, look.state)
      )), '[]')
      from rail
      cross join (values ('scheduled'), ('submitting'), ('unknown')) look (state)),
    -- A rail remembers a thousand banks at most.
    'banks', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'rail', rail.name,
        'down', bank.down,
        'oldest', bank.oldest,
        'oldest_ms', age_ms(bank.since, v_now)
      )), '[]')
      from rail
      cross join lateral (
        select
          count(*) as down,
          min(open.changed_at) as since,
          (array_agg(open.bank order by open.changed_at, open.bank))[1] as oldest
        from bank_breaker open
        where open.rail = rail.name and open.breaker = 'open'
      ) bank),
    'attentions', open_attentions(),
    'notices', (
      select jsonb_build_object(
        'due', coalesce(sum(due.count), 0),
        'oldest_ms', coalesce(max(age_ms(due.oldest_at, v_now)), 0))
      from unnest(endpoints_waiting()) waiting (endpoint_id)
      join webhook_endpoint endpoint
        on endpoint.id = waiting.endpoint_id and endpoint.status = 'enabled'
      cross join lateral (
        select count(*) as count, min(first.next_at) as oldest_at
        from (
          select notice.next_at
          from notice_due notice
          where notice.endpoint_id = waiting.endpoint_id and notice.next_at <= v_now
          order by notice.endpoint_id, notice.next_at
          limit 100
        ) first
      ) due),
    'statements', waiting_statements(v_now),
    'archive', waiting_archive(v_now),
    'records_kept_ms', records_kept_ms(v_now));
end $$;
