-- execute: quittance_api, quittance_worker, quittance_reader

-- What the types of events about a thing begin with: the thing, but a run is one of statements.
create or replace function ledger.event_family(p_subject_type text) returns text
language sql immutable
return case p_subject_type when 'statement_run' then 'statement' else p_subject_type end;

-- The type of an event, as domain/event.ts says it: a transfer's by the state that it led to, that
-- of another thing by its cause.
create or replace function ledger.event_type(
  p_subject_type text,
  p_cause text,
  p_to_state text
) returns text
language sql immutable
return ledger.event_family(p_subject_type) || '.' || case p_subject_type
  when 'transfer' then p_to_state
  else p_cause
end;
