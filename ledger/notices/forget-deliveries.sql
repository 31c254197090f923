-- execute: quittance_worker

-- Deletes rows of deliveries older than so many days, a bounded number at a time. Returns how many
-- went.
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
  return v_deleted;
end $$;
