-- execute: quittance_worker

-- Removes who was told the checkpoint of a day that all tenants have for p_days (at least one):
-- p_rows at most, of the oldest day that has any. The day and its events stay, so nobody is told it
-- again. It counts what it has lost. A day that was finished ahead of this clock was so under a
-- wrong one, and is waited for no longer. Returns {removed, is_more}: is_more while a further call
-- may find something.
create or replace function ledger.remove_publication_tenants(
  p_days int,
  p_rows int
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_day date;
  v_removed int;
begin
  if p_days < 1 then raise exception 'who was told a checkpoint is kept at least a day'; end if;
  if p_rows not between 1 and 10000 then raise exception '1 to 10000 rows at a time'; end if;
  -- Its row is the lock: two that remove at once are one after the other.
  select day into v_day
  from archive_publication
  where cleared_at is null
    and finished_at is not null
    and finished_at not between v_now - make_interval(days => p_days) and v_now
  order by day
  limit 1
  for no key update;
  if not found then return '{"removed": 0, "is_more": false}'::jsonb; end if;
  with old as materialized (
    select tenant_id
    from archive_publication_tenant
    where day = v_day
    order by tenant_id
    limit p_rows
  ), gone as (
    delete from archive_publication_tenant told using old
    where told.day = v_day and told.tenant_id = old.tenant_id
    returning told.tenant_id
  )
  select count(*) into v_removed from gone;
  update archive_publication set
    removed = removed + v_removed,
    cleared_at = case when v_removed < p_rows then v_now end
  where day = v_day;
  return jsonb_build_object('removed', v_removed, 'is_more', true);
end $$;
