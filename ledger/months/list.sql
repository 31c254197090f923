-- execute: quittance_owner
-- needs: ledger/months/refusals.sql, ledger/rfc3339.sql

-- The months that are detached or attached, oldest first, up to this one: [{month, status,
-- detached_at, entries, refusals}]. status: detached; keeping or kept (it is being detached), or
-- attached. refusals: why it may not be detached now; of all but the oldest that is attached only
-- that they are not the oldest.
create or replace function ledger.list_months(p_keep int) returns jsonb
language sql stable security definer set search_path = ledger, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'month', to_char(listed.month, 'YYYY-MM'),
    'status', coalesce(known.status, 'attached'),
    'detached_at', rfc3339(known.detached_at),
    'entries', known.entries::text,
    'refusals', case
      when known.status = 'detached' then '[]'
      when listed.month <> oldest_attached_month() then '["not_oldest"]'
      else to_jsonb(refusals_to_detach(listed.month, p_keep))
    end
  ) order by listed.month), '[]')
  from (
    select month from detached_month
    union
    select to_date(right(child.relname, 7), 'YYYY_MM')
    from pg_inherits
    join pg_class child on child.oid = inhrelid
    where inhparent = 'ledger.entry'::regclass
  ) listed (month)
  left join detached_month known on known.month = listed.month
  where listed.month < now() at time zone 'UTC'
$$;
