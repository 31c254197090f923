-- execute: nobody
-- needs: ledger/commit/batch.sql, ledger/commit/change-balances.sql
-- needs: ledger/commit/leg-command.sql, ledger/commit/new-event.sql
-- needs: ledger/commit/write-postings.sql, ledger/commit/write-subject-events.sql
-- needs: ledger/entries/post-entries/command.sql, ledger/entries/post-entries/decide.sql

-- Writes what was decided: a row for each request, and entries with their postings for those that
-- were not refused. Returns {balances, endpoints}.
create or replace function ledger.write_decisions(
  p_decisions ledger.entry_decision[],
  p_legs ledger.entry_leg[],
  p_at timestamptz
) returns jsonb
language plpgsql as $$
declare
  v_posted ledger.entry_command[];
  v_legs ledger.leg_command[];
  v_events ledger.new_event[];
  v_batch bigint;
begin
  insert into entry_request (id, tenant_id, reverses_id, refusal_code, refusal_leg, created_at)
  select
    (decision.command).id,
    (decision.command).tenant_id,
    (decision.command).reverses_id,
    decision.refusal,
    decision.refusal_leg,
    p_at
  from unnest(p_decisions) decision;

  v_posted := array(
    select decision.command from unnest(p_decisions) decision where decision.refusal is null
  );
  if cardinality(v_posted) = 0 then
    return '{"balances": [], "endpoints": []}'::jsonb;
  end if;
  v_events := events_of_entries(v_posted);
  v_batch := new_batch(
    p_at, greatest(cardinality(p_decisions), cardinality(v_events)), cardinality(v_posted)
  );
  insert into entry (
    id, tenant_id, reverses_id, description, metadata, effective_at, batch_id, created_at
  )
  select
    posted.id,
    posted.tenant_id,
    posted.reverses_id,
    posted.description,
    coalesce(posted.metadata, '{}'),
    coalesce(posted.effective_at, p_at),
    v_batch,
    p_at
  from unnest(v_posted) posted;

  v_legs := array(
    select row(
      null, leg.tenant_id, leg.entry_id, leg.leg, 'post', leg.debit_account_id,
      leg.credit_account_id, leg.amount
    )::leg_command
    from unnest(p_legs) with ordinality leg
    join unnest(v_posted) posted on posted.id = leg.entry_id
    order by leg.ordinality
  );
  perform write_postings(v_legs, p_at, (
    select jsonb_object_agg(posted.id, posted.effective_at)
    from unnest(v_posted) posted
    where posted.effective_at is not null
  ));
  return jsonb_build_object(
    'balances', change_balances(v_legs, p_at),
    'endpoints', write_subject_events(v_events, p_at, v_batch)
  );
end $$;

-- Each entry is posted, and the one that it reverses is reversed: the second thing that happens to
-- that one, and the last.
create or replace function ledger.events_of_entries(p_posted ledger.entry_command[])
returns ledger.new_event[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      posted.tenant_id, 'entry', posted.id, 1, null, 'posted', 'posted',
      '{"source": "request"}'
    )::new_event
    from unnest(p_posted) posted
    union all
    select row(
      posted.tenant_id, 'entry', posted.reverses_id, 2, 'posted', 'reversed', 'reversed',
      '{"source": "request"}'
    )::new_event
    from unnest(p_posted) posted
    where posted.reverses_id is not null
  );
end $$;
