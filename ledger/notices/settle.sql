-- execute: quittance_worker

-- What became of one try. `delivered` ends the notice; `failed` makes it due again in p_next_in_ms.
-- `given_up` was its last try: its endpoint is disabled, and the notice is kept for when it is
-- enabled again. Idempotent: only the try that the row waits for is written. Returns whether it was
-- written.
create or replace function ledger.settle_notice(
  p_id uuid,
  p_endpoint uuid,
  p_subject uuid,
  p_version int,
  p_try int,
  p_outcome text,
  p_status int,
  p_error text,
  p_took_ms int,
  p_next_in_ms bigint
) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  notice notice_due;
begin
  select * into notice
  from notice_due
  where endpoint_id = p_endpoint and subject_id = p_subject and version = p_version
  for update;
  if notice.endpoint_id is null or notice.tries <> p_try - 1 then return false; end if;
  insert into delivery (
    id, endpoint_id, event_id, tenant_id, subject_type, subject_id, try, outcome, status, error,
    took_ms, created_at)
  values (
    p_id, p_endpoint, notice.event_id, notice.tenant_id, notice.subject_type, p_subject, p_try,
    p_outcome, p_status, left(p_error, 500), p_took_ms, clock_timestamp());
  if p_outcome = 'delivered' then
    delete from notice_due
    where endpoint_id = p_endpoint and subject_id = p_subject and version = p_version;
    -- Its followers waited for it alone.
    update notice_due set next_at = clock_timestamp()
    where endpoint_id = p_endpoint and subject_id = p_subject and version > p_version
      and next_at > clock_timestamp();
  else
    -- Those behind it wait as long: an endpoint that is down for days keeps few rows that are due
    -- and may not be sent.
    update notice_due set
      tries = case version when p_version then p_try else tries end,
      next_at = clock_timestamp() + make_interval(secs => coalesce(p_next_in_ms, 0) / 1000.0)
    where endpoint_id = p_endpoint and subject_id = p_subject and version >= p_version;
  end if;
  return true;
end $$;
