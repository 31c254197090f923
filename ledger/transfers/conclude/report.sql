-- execute: nobody

-- What a reply, an inquiry or a worker found about an attempt.
--   source    reply (of the rail to a send), inquiry, report (the rail's own), carrier (the group
--             that carries the transfer), sweep
--   outcome   accepted, rejected, not_taken, unknown: the rail's answer
--             absent: the rail does not know the rail key
--             not_sent: a grant that was not used
--             put_off: it is not sent now
--             not_asked: an inquiry found no free place
--   attempt_n the attempt it is about: so far a transfer has one
--   send_n    the send it is about; null: it is about the rail key
--   asked_at  when the inquiry left, by the database's clock
--   retry_after_ms  how long the next send must wait at least, where the rail's terms do not say
create type ledger.report as (
  transfer_id uuid,
  attempt_n int,
  source text,
  outcome text,
  send_n int,
  decisive boolean,
  code text,
  rail_reference text,
  carrier uuid,
  asked_at timestamptz,
  retry_after_ms bigint
);

-- Reads a batch of reports from JSON. Raises for one that no verb can take.
create or replace function ledger.read_reports(p_reports jsonb) returns ledger.report[]
language plpgsql stable as $$
declare
  v_empty ledger.report;
  v_reports ledger.report[];
  v_outcome text;
begin
  v_empty.attempt_n := 1;
  select
    array_agg(report),
    min(report.outcome) filter (where report.outcome not in (
      'accepted', 'rejected', 'not_taken', 'not_sent', 'unknown', 'absent', 'put_off', 'not_asked'
    ))
  into v_reports, v_outcome
  from jsonb_populate_recordset(v_empty, p_reports) report;
  if v_outcome is not null then
    raise exception 'no such outcome: %', v_outcome;
  end if;
  return coalesce(v_reports, '{}');
end $$;
