-- execute: nobody

-- Notices of an endpoint that is no more, a bounded number at a time: a commit that read it just before it was deleted leaves some
-- behind. The endpoints are found by steps along the key, because a live one may have a million rows.
create or replace function ledger.forget_orphans(p_limit int) returns void language sql volatile set search_path = ledger, pg_temp as $$
  with recursive told(id) as (
    (select d.endpoint_id from notice_due d order by d.endpoint_id limit 1)
    union all
    select (select d.endpoint_id from notice_due d where d.endpoint_id > told.id order by d.endpoint_id limit 1) from told where told.id is not null
  )
  delete from notice_due d where (d.endpoint_id, d.transfer_id, d.version) in (
    select x.endpoint_id, x.transfer_id, x.version from notice_due x
    where x.endpoint_id in (select told.id from told where told.id is not null and not exists (select 1 from webhook_endpoint w where w.id = told.id))
    limit least(p_limit, 10000))
$$;
