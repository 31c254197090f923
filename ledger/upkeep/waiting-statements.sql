-- execute: nobody
-- needs: ledger/upkeep/age.sql

-- What waits of statements, over all tenants. Counts stop at ten thousand. Returns
--   waiting      statements that are cut and not ready
--   attention    those of them that need a person
--   month_ms     for how long the oldest month that is not closed is open
--   request_ms   for how long the oldest that no month's run makes waits
create or replace function ledger.waiting_statements(p_now timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'waiting', (
      select count(*)
      from (select from ledger.statement where status = 'cut' limit 10000) waiting),
    'attention', (
      select count(*)
      from (select from ledger.statement where attention_reason is not null limit 10000) marked),
    'month_ms', (
      select coalesce(ledger.age_ms(min(open.opened_at), p_now), 0)
      from (
        select opened_at from ledger.statement_month where status <> 'closed' limit 10000
      ) open),
    'request_ms', (
      select coalesce(ledger.age_ms(min(beside.created_at), p_now), 0)
      from (
        select created_at
        from ledger.statement
        where status = 'cut' and (kind <> 'monthly' or edition > 1)
          -- One that became its own next edition was cut with its month, which says how late it is.
          and (kind <> 'monthly' or replaces_id is not null)
        limit 10000
      ) beside))
$$;
