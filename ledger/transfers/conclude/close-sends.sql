-- execute: nobody
-- needs: ledger/transfers/conclude/report.sql

-- Writes the outcome of each send that a report names, where it is new, and returns the reports
-- that may still change something: one that repeats what is known changes nothing, except that
-- accepted and rejected are never ignored.
create or replace function ledger.close_sends(p_reports ledger.report[], p_now timestamptz)
returns ledger.report[]
language plpgsql as $$
declare
  v_closed uuid[];
  v_named int;
begin
  with closed as (
    update send set
      outcome = report.outcome,
      code = report.code,
      rail_reference = report.rail_reference,
      answered_at = p_now
    from unnest(p_reports) report
    where send.transfer_id = report.transfer_id
      and send.attempt_n = report.attempt_n
      and send.n = report.send_n
      and is_news(send.outcome, send.code, report.outcome)
    returning send.transfer_id
  )
  select array_agg(transfer_id), (select count(send_n)::int from unnest(p_reports))
  into v_closed, v_named
  from closed;
  if v_named = coalesce(cardinality(v_closed), 0) then
    return p_reports;
  end if;
  return still_news(p_reports, v_closed);
end $$;

-- The reports without those that repeat what is known. Raises for one about a send that was never
-- granted.
create or replace function ledger.still_news(p_reports ledger.report[], p_closed uuid[])
returns ledger.report[]
language plpgsql stable as $$
declare
  v_reports ledger.report[];
  v_unknown text;
begin
  select
    array_agg(report) filter (where
      report.send_n is null
      or report.outcome in ('accepted', 'rejected')
      or report.transfer_id = any (p_closed)
    ),
    min(format('transfer %s has no send %s', report.transfer_id, report.send_n)) filter (where
      report.send_n is not null and send.n is null
    )
  into v_reports, v_unknown
  from unnest(p_reports) report
  left join send
    on send.transfer_id = report.transfer_id
    and send.attempt_n = report.attempt_n
    and send.n = report.send_n;
  if v_unknown is not null then
    raise exception '%', v_unknown;
  end if;
  return coalesce(v_reports, '{}');
end $$;

-- Whether a report says more of its send than is known. A decisive outcome stands. A send whose
-- lease ended is marked unknown without a code (ledger.claim): what its sender reports later
-- is new.
create or replace function ledger.is_news(p_known text, p_known_code text, p_outcome text)
returns boolean
language sql immutable
return p_known is null
  or p_known = 'unknown'
    and (p_known_code is null or p_outcome in ('accepted', 'rejected', 'not_taken', 'not_sent'));
