-- execute: nobody
-- needs: ledger/triggers/append-only.sql

-- `posting_2026_11` holds the postings of November 2026.
create or replace function ledger.partition_name(p_parent text, p_month timestamp) returns text
language sql stable
  return p_parent || to_char(p_month, '"_"YYYY"_"MM');

-- The tables that are partitioned by month, as the catalog has them: a new one is among them.
create or replace function ledger.partitioned_tables() returns text[]
language sql stable
  return array(
    select relname::text
    from pg_class
    where relnamespace = 'ledger'::regnamespace and relkind = 'p'
    order by relname);

-- Makes the partition of a table for a month of UTC, unless a table of its name is there, or the
-- month is detached.
create or replace function ledger.make_partition(p_parent text, p_month timestamp) returns void
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_name text := partition_name(p_parent, p_month);
begin
  if to_regclass('ledger.' || v_name) is not null then return; end if;
  -- Under a clock that is behind by months: what is committed then fails, and no month is twice.
  if p_parent in ('entry', 'posting', 'event') and exists (
    select from detached_month where month = p_month::date and status = 'detached')
  then
    return;
  end if;
  -- Made beside its parent and attached: that takes a lock under which the parent is still written.
  execute format('create table ledger.%I (like ledger.%I including all)', v_name, p_parent);
  execute format('create trigger append_only before update or delete or truncate on ledger.%I '
    'for each statement execute function ledger.refuse_change()', v_name);
  execute format(
    'alter table ledger.%I set (autovacuum_vacuum_insert_scale_factor = 0.05)', v_name);
  execute format('alter table ledger.%I enable row level security', v_name);
  execute format('alter table ledger.%I attach partition ledger.%I for values from (%L) to (%L)',
    p_parent, v_name,
    p_month at time zone 'UTC',
    (p_month + make_interval(months => 1)) at time zone 'UTC');
end $$;
