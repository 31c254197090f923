-- execute: quittance_worker

-- Deletes notices of endpoints that were deleted, at most p_limit (10,000) at a time; deleting an
-- endpoint only notes it. Its note stays for a day after its last notice, because a commit that
-- read the endpoint just before it was deleted may leave some more. Returns how many went.
create or replace function ledger.forget_orphans(p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_endpoint uuid;
  v_left int := least(p_limit, 10000);
  v_gone int;
begin
  for v_endpoint in
    select endpoint_id
    from deleted_endpoint
    order by deleted_at
    limit 1000
    for update skip locked
  loop
    delete from notice_due
    where (endpoint_id, subject_id, version) in (
      select notice.endpoint_id, notice.subject_id, notice.version
      from notice_due notice
      where notice.endpoint_id = v_endpoint
      limit v_left
    );
    get diagnostics v_gone = row_count;
    v_left := v_left - v_gone;
    exit when v_left = 0;
    delete from deleted_endpoint
    where endpoint_id = v_endpoint and deleted_at < clock_timestamp() - interval '1 day';
  end loop;
  return least(p_limit, 10000) - v_left;
end $$;
