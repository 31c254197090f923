-- execute: nobody

-- Whether no older notice of the same subject is left for an endpoint. A row behind an older one
-- waits for that one, and is never due before it (write_events, settle_notice).
create or replace function ledger.is_first_of_subject(
  p_endpoint uuid,
  p_subject uuid,
  p_version int
) returns boolean
language sql stable
return not exists (
  select
  from ledger.notice_due earlier
  where earlier.endpoint_id = p_endpoint
    and earlier.subject_id = p_subject
    and earlier.version < p_version
);
