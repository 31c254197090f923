-- execute: nobody
-- needs: ledger/transfers/take-due/queue-rows.sql

-- Rows of a rail in an open state whose next step was due before p_before: of the oldest five
-- thousand some, each time others, so that rows which nobody can repair never stand before the
-- others. p_but: groups whose rows are left out.
create or replace function ledger.late_rows(
  p_rail text,
  p_state text,
  p_what text,
  p_before timestamptz,
  p_but uuid[],
  p_limit int
) returns setof uuid
language sql volatile as $$
  select late.id
  from (
    select transfer.id, transfer.carrier
    from ledger.transfer
    where transfer.rail = p_rail
      and transfer.state in ('submitting', 'unknown')
      and transfer.state = p_state
      and transfer.next_what = p_what
      and transfer.next_at < p_before
    order by transfer.next_at
    limit 5000
  ) late
  where late.carrier is null or late.carrier <> all (p_but)
  order by random()
  limit p_limit
$$;

-- Groups that have a send in flight. There are no more of them than workers have places to send.
create or replace function ledger.groups_at_work(p_rail text, p_now timestamptz) returns uuid[]
language plpgsql stable as $$
begin
  return array(
    select distinct transfer.carrier
    from transfer
    where transfer.rail = p_rail
      and transfer.state = 'submitting'
      and transfer.next_what = 'await_answer'
      and transfer.next_at > p_now
      and transfer.carrier is not null
  );
end $$;

-- Rows that a dispatcher could take and left, where it took none for so long. A queue that moves is
-- long and not late; neither is a row whose account is busy.
create or replace function ledger.late_in_queue(
  rail ledger.rail,
  p_now timestamptz,
  p_before timestamptz,
  p_limit int
) returns setof uuid
language plpgsql stable as $$
begin
  if rail.breaker = 'open' or rail.paused_by is not null or rail.taken_at between p_before and p_now
  then
    return;
  end if;
  return query
  select late.id
  from (
    (
      -- Nobody put them into the queue, although their time has come.
      select transfer.id
      from transfer
      where transfer.rail = rail.name
        and transfer.state = 'scheduled'
        and transfer.next_what not in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.waiting_for not in ('person', 'bank')
        and transfer.next_at < p_before
      order by transfer.next_at
      limit p_limit
    )
    union all
    select transfer.id
    from unnest((queue_rows(rail, p_now, p_limit)).ids) queued (id)
    join transfer on transfer.id = queued.id
    where transfer.next_at < p_before
  ) late
  limit p_limit;
end $$;

create or replace function ledger.late_as_json(p_rail text, p_state text, p_ids uuid[])
returns jsonb
language sql immutable
return coalesce(
  (
    select jsonb_agg(jsonb_build_object('transfer_id', id, 'state', p_state, 'rail', p_rail))
    from unnest(p_ids) id
  ),
  '[]'
);
