-- execute: quittance_worker

-- Keeps the notices of disabled endpoints within their bounds. An endpoint for which more than
-- 100,000 wait gets no further ones; of one that is disabled for 30 days what waits is deleted, a
-- bounded number at a time. Looks at p_limit (20) endpoints, those it looked at longest ago first.
-- Returns how many notices it deleted.
create or replace function ledger.bound_kept_notices(p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_kept_max constant int := 100000;
  v_deletes_max constant int := 10000;
  v_now timestamptz := clock_timestamp();
  v_deleted int := 0;
  v_count int;
  endpoint record;
begin
  for endpoint in
    select w.id, w.disabled_at, w.kept_until
    from webhook_endpoint w
    where w.status = 'disabled'
    order by w.kept_counted_at
    limit least(p_limit, 20)
    for update skip locked
  loop
    if endpoint.disabled_at < v_now - interval '30 days' then
      delete from notice_due
      where (endpoint_id, subject_id, version) in (
        select old.endpoint_id, old.subject_id, old.version
        from notice_due old
        where old.endpoint_id = endpoint.id
        limit v_deletes_max);
      get diagnostics v_count = row_count;
      v_deleted := v_deleted + v_count;
    elsif endpoint.kept_until > v_now then
      select count(*)::int into v_count
      from (
        select from notice_due kept where kept.endpoint_id = endpoint.id limit v_kept_max + 1
      ) first;
      update webhook_endpoint set
        kept_until = v_now,
        disabled_reason = disabled_reason || ' Since ' || to_char(v_now at time zone 'UTC',
          'YYYY-MM-DD HH24:MI') || ' UTC further events make no notices for it: 100,000 wait.'
      where id = endpoint.id and v_count > v_kept_max;
    end if;
    update webhook_endpoint set kept_counted_at = v_now where id = endpoint.id;
    exit when v_deleted >= v_deletes_max;
  end loop;
  return v_deleted;
end $$;
