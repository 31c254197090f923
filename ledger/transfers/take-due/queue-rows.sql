-- execute: nobody
-- needs: ledger/transfers/take-due/is-busy.sql

-- What a look along the queue found: the rows that may be taken, and the last account whose turn it
-- was.
create type ledger.queue_look as (
  ids uuid[],
  turn_account_id uuid
);

-- The rows of a rail that may be taken now, those that were reserved first before the others. When
-- rows of busy accounts fill the front of the queue, the other accounts get their turn. The cost of
-- a look does not depend on how long the queue is.
create or replace function ledger.queue_rows(rail ledger.rail, p_now timestamptz, p_limit int)
returns ledger.queue_look
language plpgsql stable as $$
declare
  v_front_rows constant int := 500;
  v_ids uuid[];
  v_count int;
  v_look ledger.queue_look;
begin
  with front as materialized (
    select transfer.id, transfer.source_account_id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'scheduled'
      and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
    order by transfer.id
    limit v_front_rows
  ), busy as materialized (
    select source.account_id
    from (select distinct front.source_account_id as account_id from front offset 0) source
    where is_busy(source.account_id, rail.name, p_now)
  )
  select
    array_agg(front.id order by front.id) filter (
      where front.source_account_id not in (select busy.account_id from busy)
    ),
    count(*)::int
  into v_ids, v_count
  from front;
  v_ids := coalesce(v_ids[:p_limit], '{}');
  if v_count < v_front_rows or cardinality(v_ids) >= p_limit then
    return row(v_ids, rail.turn_account_id)::queue_look;
  end if;
  v_look := rows_in_turn(rail, p_now, p_limit);
  v_look.ids := array(
    select id from unnest(v_ids || v_look.ids) id group by id order by id limit p_limit
  );
  return v_look;
end $$;

-- The rows of the accounts in the queue that are not busy, account by account, from the one after
-- that whose turn it was last. It goes on from a fixed number of accounts at the next look.
create or replace function ledger.rows_in_turn(rail ledger.rail, p_now timestamptz, p_limit int)
returns ledger.queue_look
language plpgsql stable as $$
declare
  v_accounts_max constant int := 300;
  v_first constant uuid := uuid '00000000-0000-0000-0000-000000000000';
  v_start constant uuid := coalesce(rail.turn_account_id, v_first);
  v_account uuid := v_start;
  v_is_second_round boolean := false;
  v_ids uuid[] := array[]::uuid[];
  v_next uuid;
begin
  for n in 1..v_accounts_max loop
    v_next := (
      select transfer.source_account_id
      from transfer
      where transfer.rail = rail.name
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.source_account_id > v_account
      order by transfer.source_account_id
      limit 1
    );
    -- Behind the last account comes the first; an account of this look is not read again.
    exit when v_is_second_round and (v_next is null or v_next > v_start);
    v_is_second_round := v_is_second_round or v_next is null;
    v_account := coalesce(v_next, v_first);
    continue when v_next is null or is_busy(v_next, rail.name, p_now);
    v_ids := v_ids || array(
      select transfer.id
      from transfer
      where transfer.rail = rail.name
        and transfer.state = 'scheduled'
        and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
        and transfer.source_account_id = v_next
      order by transfer.id
      limit p_limit - cardinality(v_ids)
    );
    exit when cardinality(v_ids) >= p_limit;
  end loop;
  return row(v_ids, v_account)::queue_look;
end $$;
