-- execute: quittance_worker

-- Lets the notices of an endpoint that starts over start over: those that were tried before, or
-- that wait for their next try, are due now with all their tries before them. At most p_limit of
-- each kind (1,000), because there may be a million. Returns whether some may be left.
create or replace function ledger.restart_notices(p_endpoint uuid, p_limit int) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_limit int := least(p_limit, 1000);
  v_now timestamptz := clock_timestamp();
  v_count int;
begin
  update notice_due set
    tries = 0,
    -- In order, so that those of a subject stand behind its first.
    next_at = v_now + version * interval '1 microsecond'
  where (endpoint_id, subject_id, version) in (
    (select tried.endpoint_id, tried.subject_id, tried.version
    from notice_due tried
    where tried.endpoint_id = p_endpoint and tried.tries > 0
    limit v_limit)
    union
    (select later.endpoint_id, later.subject_id, later.version
    from notice_due later
    where later.endpoint_id = p_endpoint and later.next_at > v_now
    order by later.endpoint_id, later.next_at
    limit v_limit));
  get diagnostics v_count = row_count;
  if v_count > 0 then return true; end if;
  update webhook_endpoint set is_restarting = false where id = p_endpoint;
  return false;
end $$;
