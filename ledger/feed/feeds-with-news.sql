-- execute: quittance_api
-- needs: ledger/feed/horizon.sql

-- Which of these readers of the feed have something to read: reader n waits for an event of tenant
-- p_tenants[n] in a transaction from p_xids[n] on, and was there at p_since[n]. Returns their
-- numbers, from 1. One statement for all readers of a process, at most 1,000. An event is at most
-- 32 days older than p_since: that spares the months before.
create or replace function ledger.feeds_with_news(
  p_tenants uuid[],
  p_xids text[],
  p_since timestamptz[]
) returns int[]
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(array_agg(reader.n::int order by reader.n), '{}')
  from (
    select *
    from unnest(p_tenants, p_xids, p_since) with ordinality waiting (tenant_id, xid, since, n)
    limit 1000
  ) reader
  where exists (
    select
    from event
    where event.tenant_id = reader.tenant_id
      and event.xid >= reader.xid::xid8
      and event.xid < (select (feed_horizon() ->> 'xid')::xid8)
      and event.created_at >= reader.since - interval '32 days'
  )
$$;
