-- execute: nobody
-- needs: ledger/commit/leg-command.sql, ledger/commit/new-event.sql
-- needs: ledger/holds/settle/decide.sql, ledger/holds/write-effects.sql

-- Writes what was decided about holds: the request of each, the hold, its money and its event.
-- Returns {balances, endpoints}.
create or replace function ledger.write_hold_decisions(
  p_decisions ledger.hold_decision[],
  p_at timestamptz
) returns jsonb
language plpgsql as $$
begin
  -- An expiry is no request. A request without a key may be written by another call meanwhile.
  insert into hold_request (
    id, tenant_id, hold_id, act, refusal_code, entry_id, amount, captured_amount, hold_state,
    created_at
  )
  select
    (decision.act).id,
    (decision.act).tenant_id,
    (decision.act).hold_id,
    (decision.act).act,
    decision.refusal,
    decision.entry_id,
    case when decision.entry_id is not null then decision.moved end,
    case when decision.entry_id is not null then (decision.after).captured_amount end,
    case when decision.entry_id is not null then (decision.after).state end,
    p_at
  from unnest(p_decisions) decision
  where (decision.act).id is not null
  on conflict (id) do nothing;

  update client_hold set
    captured_amount = (decision.after).captured_amount,
    captures = (decision.after).captures,
    state = (decision.after).state,
    version = (decision.after).version,
    release_reason = (decision.after).release_reason,
    updated_at = (decision.after).updated_at,
    closed_at = (decision.after).closed_at
  from unnest(p_decisions) decision
  where decision.is_changed and client_hold.id = (decision.after).id;

  return write_hold_effects(legs_of_holds(p_decisions), events_of_holds(p_decisions), p_at);
end $$;

-- What is captured moves, and what is left of a closed hold is given back.
create or replace function ledger.legs_of_holds(p_decisions ledger.hold_decision[])
returns ledger.leg_command[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      null,
      (decision.after).tenant_id,
      part.entry_id,
      1,
      part.op,
      (decision.after).source_account_id,
      (decision.after).destination_account_id,
      part.amount
    )::leg_command
    from unnest(p_decisions) with ordinality decision
    cross join lateral (
      values
        ('capture', decision.entry_id, decision.moved),
        ('release', null, decision.returned)
    ) part (op, entry_id, amount)
    where decision.is_changed and part.amount > 0
    order by decision.ordinality, part.op
  );
end $$;

-- What happened to each hold, and to the entry of each capture: it is posted.
create or replace function ledger.events_of_holds(p_decisions ledger.hold_decision[])
returns ledger.new_event[]
language plpgsql immutable as $$
begin
  return array(
    select row(
      (decision.after).tenant_id,
      'hold',
      (decision.after).id,
      (decision.after).version,
      'open',
      case (decision.act).act
        when 'capture' then 'captured'
        when 'release' then 'released'
        else 'expired'
      end,
      (decision.after).state,
      jsonb_strip_nulls(jsonb_build_object(
        'source', case (decision.act).act when 'expire' then 'upkeep' else 'request' end,
        'entry_id', decision.entry_id,
        'amount', case when decision.moved > 0 then decision.moved::text end,
        'returned_amount', case when decision.returned > 0 then decision.returned::text end,
        'reason', (decision.act).reason
      ))
    )::new_event
    from unnest(p_decisions) decision
    where decision.is_changed
    union all
    select row(
      (decision.after).tenant_id, 'entry', decision.entry_id, 1, null, 'posted', 'posted',
      '{"source": "request"}'
    )::new_event
    from unnest(p_decisions) decision
    where decision.is_changed and decision.entry_id is not null
  );
end $$;
