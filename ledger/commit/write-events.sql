-- execute: nobody
-- needs: ledger/commit/new-event.sql, ledger/commit/state-change.sql
-- needs: ledger/commit/write-subject-events.sql

-- Writes the event of each change of a transfer that has a cause, with its due notices
-- (write_subject_events).
create or replace function ledger.write_events(
  p_changes ledger.state_change[],
  p_at timestamptz,
  p_batch bigint
) returns uuid[]
language plpgsql as $$
begin
  return write_subject_events(
    array(
      select row(
        change.tenant_id,
        'transfer',
        change.transfer_id,
        change.version,
        change.from_state,
        change.cause,
        change.to_state,
        evidence_of(change)
      )::new_event
      from unnest(p_changes) change
      where change.cause is not null
    ),
    p_at,
    p_batch
  );
end $$;
