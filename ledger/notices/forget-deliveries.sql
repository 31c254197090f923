-- execute: quittance_worker
-- needs: ledger/notices/forget-orphans.sql

-- Deletes rows of deliveries older than so many days, a bounded number at a time, and with them
-- notices of endpoints that were deleted. Returns how many deliveries went.
create or replace function ledger.forget_deliveries(p_days int, p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_deleted int;
begin
  if p_days < 7 then raise exception 'deliveries are kept at least 7 days'; end if;
  delete from delivery where id in (
    select id from delivery
    where created_at < now() - make_interval(days => p_days)
    limit least(p_limit, 10000));
  get diagnostics v_deleted = row_count;
  perform forget_orphans(p_limit);
  return v_deleted;
end $$;
