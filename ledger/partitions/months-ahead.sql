-- execute: nobody
-- needs: ledger/partitions/make-one.sql

-- How many months ahead of this one have all their partitions without a gap, read from the catalog:
-- -1 when this month itself has not, and p_most at most.
create or replace function ledger.months_ahead(p_most int) returns int
language sql stable set search_path = ledger, pg_temp as $$
  select coalesce(min(month.ahead) - 1, p_most)
  from generate_series(0, p_most) month(ahead)
  cross join unnest(partitioned_tables()) parent(name)
  where not exists (
    select 1 from pg_inherits
    where inhparent = ('ledger.' || parent.name)::regclass
      and inhrelid = to_regclass('ledger.' || partition_name(
        parent.name,
        date_trunc('month', now() at time zone 'UTC') + make_interval(months => month.ahead))))
$$;
