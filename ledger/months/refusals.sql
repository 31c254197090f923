-- execute: nobody

-- The oldest month that is attached, by the partitions of entries; null: none is.
create or replace function ledger.oldest_attached_month() returns date
language sql stable set search_path = ledger, pg_temp as $$
  select min(to_date(right(child.relname, 7), 'YYYY_MM'))
  from pg_inherits
  join pg_class child on child.oid = inhrelid
  where inhparent = 'ledger.entry'::regclass
$$;

-- Why a month may not be detached now, the codes of domain/detaching.ts in its order; empty: it
-- may. p_keep: how many whole months before this one stay attached. Looks at no row of the month:
-- whether what began in it has ended is seen when its events are read (keep_events).
create or replace function ledger.refusals_to_detach(p_month date, p_keep int) returns text[]
language plpgsql stable set search_path = ledger, pg_temp as $$
declare
  v_to constant timestamptz :=
    (p_month::timestamp + interval '1 month') at time zone 'UTC';
  v_this constant timestamp := date_trunc('month', now() at time zone 'UTC');
  the_month detached_month;
begin
  select * into the_month from detached_month where month = p_month;
  return array_remove(array[
    case when p_month > v_this - make_interval(months => p_keep + 1) then 'too_young' end,
    case when p_month is distinct from oldest_attached_month() then 'not_oldest' end,
    case when not exists (
        select
        from archive_segment
        where status = 'finished' and begun_at >= v_to)
      or the_month.own_xid >= coalesce(
        (select to_xid from archive_segment where status = 'finished' order by n desc limit 1), '0')
      or the_month.older_xid >= coalesce(
        (select max(to_xid) from archive_segment where status = 'finished'), '0')
      then 'not_archived' end,
    case when exists (select from statement_plan where next_from_at < v_to)
      or exists (select from statement_month where from_at < v_to and status <> 'closed')
      or exists (
        select
        from statement
        where status = 'cut'
          and (kind <> 'monthly' or edition > 1)
          and to_seq > from_seq
          and coalesce(from_posted_at, '-infinity') < v_to)
      then 'statements_not_ready' end,
    case when exists (select from notice_due where event_at < v_to) then 'notices_due' end,
    case when exists (select from delivery where created_at < v_to) then 'deliveries_kept' end
  ], null);
end $$;
