-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/unresolved-sends.sql

-- The longest that a row of a rail is put ahead by a clock, by what it does next. A customer's date
-- (`send_on_date`) has none: it is no clock's.
create or replace function ledger.longest_wait(rail ledger.rail, p_what text) returns interval
language sql stable
return case p_what
  when 'await_answer' then ledger.milliseconds(rail.request_timeout_ms + rail.lease_margin_ms)
  else greatest(
    -- A pause between sends, and a dispatch.
    interval '5 minutes',
    ledger.milliseconds((select max(wait) from unnest(rail.inquiry_waits_ms) wait)),
    ledger.milliseconds(
      rail.quiet_period_ms + rail.request_timeout_ms + rail.lease_margin_ms + 100
    ),
    ledger.milliseconds(rail.retry_ms),
    ledger.milliseconds(rail.breaker_open_ms)
  )
end;

-- The longest until the next probe of a rail whose breaker is open.
create or replace function ledger.longest_probe_wait(rail ledger.rail) returns interval
language sql stable
return greatest(interval '1 minute', ledger.milliseconds(rail.breaker_open_ms));

-- After a clock ran ahead and was set back, rows of a rail wait for times that no clock can have
-- meant: further ahead than the longest wait. They are due now; one with a send under way, when
-- that lease is over by this clock. Each is found at the end of an index, at most 500 of a kind at
-- a look. Returns how many.
create or replace function ledger.correct_deadlines(rail ledger.rail, p_now timestamptz)
returns int
language plpgsql as $$
declare
  v_rows_max constant int := 500;
  v_lease constant interval := longest_wait(rail, 'await_answer');
  v_ids uuid[];
begin
  v_ids := array(
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state in ('submitting', 'unknown')
      and transfer.state = 'submitting'
      and transfer.next_what = 'await_answer'
      and transfer.next_at > p_now + v_lease
    limit v_rows_max
    for no key update skip locked
  );
  if v_ids <> '{}' then
    perform correct_sends(v_ids, p_now);
    update transfer set next_at = p_now + v_lease where id = any (v_ids);
  end if;
  v_ids := v_ids
    || far_ahead_open(rail, 'submitting', 'send', p_now)
    || far_ahead_open(rail, 'unknown', 'inquire', p_now)
    || far_ahead_scheduled(rail, 'send', p_now)
    || far_ahead_scheduled(rail, 'send_again', p_now)
    || far_ahead_for_a_person(rail, p_now);
  return cardinality(v_ids);
end $$;

create or replace function ledger.far_ahead_open(
  rail ledger.rail,
  p_state text,
  p_what text,
  p_now timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_latest constant timestamptz := p_now + longest_wait(rail, p_what);
begin
  return due_now(array(
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state in ('submitting', 'unknown')
      and transfer.state = p_state
      and transfer.next_what = p_what
      and transfer.next_at > v_latest
    limit 500
    for no key update skip locked
  ), p_now);
end $$;

create or replace function ledger.far_ahead_scheduled(
  rail ledger.rail,
  p_what text,
  p_now timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_latest constant timestamptz := p_now + longest_wait(rail, p_what);
begin
  return due_now(array(
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.next_what in ('send', 'send_again')
      and transfer.next_what = p_what
      and transfer.waiting_for not in ('person', 'bank')
      and transfer.next_at > v_latest
    limit 500
    for no key update skip locked
  ), p_now);
end $$;

-- Those that a person decides about are looked at daily.
create or replace function ledger.far_ahead_for_a_person(rail ledger.rail, p_now timestamptz)
returns uuid[]
language plpgsql as $$
begin
  return due_now(array(
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.waiting_for = 'person'
      and transfer.next_at > p_now + interval '1 day'
    limit 500
    for no key update skip locked
  ), p_now);
end $$;

create or replace function ledger.due_now(p_ids uuid[], p_now timestamptz) returns uuid[]
language plpgsql as $$
begin
  if p_ids <> '{}' then
    update transfer set next_at = p_now where id = any (p_ids);
  end if;
  return p_ids;
end $$;
