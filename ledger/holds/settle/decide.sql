-- execute: nobody
-- needs: ledger/holds/settle/act.sql, ledger/ids.sql

-- What was decided about a hold: how it is afterwards, what moves, what is given back.
-- `is_changed`: whether its row is to be written.
create type ledger.hold_decision as (
  act ledger.hold_act,
  refusal text,
  after ledger.client_hold,
  moved bigint,
  returned bigint,
  entry_id uuid,
  is_changed boolean
);

-- Decides one act on a hold. Writes nothing.
create or replace function ledger.decide_hold(
  act ledger.hold_act,
  held ledger.client_hold,
  p_at timestamptz,
  p_now timestamptz
) returns ledger.hold_decision
language plpgsql as $$
declare
  v_left constant bigint := held.amount - held.captured_amount;
  v_refusal constant text := hold_refusal(act, held, p_now);
  v_moved bigint := 0::bigint;
  v_closes boolean := true;
begin
  -- A hold that is released already stays as it is.
  if v_refusal is not null or held.state <> 'open' then
    return row(act, v_refusal, held, 0::bigint, 0::bigint, null, false)::hold_decision;
  end if;
  if act.act = 'capture' then
    v_moved := coalesce(act.amount, v_left);
    v_closes := v_moved = v_left or coalesce(act.is_final, false);
    held.captures := held.captures + 1::smallint;
    held.captured_amount := held.captured_amount + v_moved;
  end if;
  if v_closes then
    held.state := case act.act
      when 'capture' then 'captured'
      when 'release' then 'released'
      else 'expired'
    end;
    held.closed_at := p_at;
    held.release_reason := case act.act when 'release' then act.reason end;
  end if;
  held.version := held.version + 1;
  held.updated_at := p_at;
  return row(
    act,
    null,
    held,
    v_moved,
    case when v_closes then v_left - v_moved else 0 end,
    case act.act when 'capture' then uuid_v7(p_at) end,
    true
  )::hold_decision;
end $$;

-- Why an act on a hold is refused; null: it is not. One refusal stays one: a closed hold is never
-- opened, what is left never grows. The time to expire is compared with the clock.
create or replace function ledger.hold_refusal(
  act ledger.hold_act,
  held ledger.client_hold,
  p_now timestamptz
) returns text
language sql immutable
return case
  when act.act = 'release' and held.state = 'released' then null
  when held.state <> 'open' then 'hold_not_open'
  when act.act = 'capture' and held.expires_at <= p_now then 'hold_expired'
  when act.act = 'capture' and act.amount > held.amount - held.captured_amount
    then 'capture_too_large'
  -- The hundredth takes all that is left, or is final.
  when act.act = 'capture' and held.captures >= 99 and not coalesce(act.is_final, false)
    and act.amount < held.amount - held.captured_amount then 'captures_exhausted'
end;
