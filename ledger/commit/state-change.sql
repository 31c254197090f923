-- execute: nobody
-- needs: ledger/rfc3339.sql

-- What an open transfer does next, when, and whom it waits for. All null where nothing comes next.
create type ledger.next_step as (
  what text,
  next_at timestamptz,
  waiting_for text
);

-- A change of one transfer, decided and not yet written. Without a cause only what comes next
-- changes. `version` and the states before and after are those of the row; a new transfer has no
-- state before. `attempt_n`: of the attempt that it is about. `new_attention`: why a person should
-- look from now on. `outcome`: what a report said. `actor`, `reason`: who asked for it, and why.
-- `reversed_by_id`: the transfer that undoes it.
create type ledger.state_change as (
  transfer_id uuid,
  tenant_id uuid,
  version int,
  from_state text,
  cause text,
  to_state text,
  next ledger.next_step,
  attention text,
  new_attention text,
  attempt_n int,
  entry_id uuid,
  refusal_code text,
  source text,
  code text,
  rail_reference text,
  send_n int,
  outcome text,
  actor text,
  reason text,
  reversed_by_id uuid
);

-- What an event keeps as proof of a change.
create or replace function ledger.evidence_of(change ledger.state_change) returns jsonb
language sql stable
return jsonb_strip_nulls(jsonb_build_object(
  'source', change.source,
  'code', change.code,
  'rail_reference', change.rail_reference,
  'send', change.send_n,
  'entry_id', change.entry_id,
  'actor', change.actor,
  'reason', change.reason,
  'reversed_by_id', change.reversed_by_id,
  'outcome', case when change.cause = 'contradicted' then change.outcome end,
  'next', case when (change.next).next_at is not null then jsonb_build_object(
    'what', (change.next).what,
    'at', ledger.rfc3339((change.next).next_at),
    'waiting_for', (change.next).waiting_for
  ) end,
  'refusal', case when change.refusal_code is not null then jsonb_build_object(
    'code', change.refusal_code,
    'detail', change.code
  ) end
));
