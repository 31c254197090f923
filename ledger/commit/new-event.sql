-- execute: nobody

-- An event that is to be written: what changed, in which version of it, from which state to which,
-- by what cause, and what proves it. `subject_type` is transfer, account, hold, entry, api_key,
-- webhook_endpoint, statement, statement_run or checkpoint. A new thing has no state before, and
-- version 1.
create type ledger.new_event as (
  tenant_id uuid,
  subject_type text,
  subject_id uuid,
  version int,
  from_state text,
  cause text,
  to_state text,
  evidence jsonb
);
