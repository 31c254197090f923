-- execute: nobody

-- Deletes notices of endpoints that were deleted, a bounded number at a time: a commit that read
-- an endpoint just before it was deleted leaves some behind. The endpoints are found by steps along
-- the key, because one that lives may have a million rows.
create or replace function ledger.forget_orphans(p_limit int) returns void
language sql volatile set search_path = ledger, pg_temp as $$
  with recursive noticed(endpoint_id) as (
    (select first.endpoint_id from notice_due first order by first.endpoint_id limit 1)
    union all
    select (
      select next.endpoint_id from notice_due next
      where next.endpoint_id > noticed.endpoint_id
      order by next.endpoint_id
      limit 1)
    from noticed
    where noticed.endpoint_id is not null
  )
  delete from notice_due notice
  where (notice.endpoint_id, notice.transfer_id, notice.version) in (
    select orphan.endpoint_id, orphan.transfer_id, orphan.version
    from notice_due orphan
    where orphan.endpoint_id in (
      select noticed.endpoint_id from noticed
      where noticed.endpoint_id is not null
        and not exists (
          select 1 from webhook_endpoint endpoint where endpoint.id = noticed.endpoint_id))
    limit least(p_limit, 10000))
$$;
