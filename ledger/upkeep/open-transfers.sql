-- execute: nobody

-- How many transfers of a rail are in an open state, ten thousand at most of each kind that has an
-- index of its own.
create or replace function ledger.count_open(p_rail text, p_state text) returns bigint
language plpgsql stable as $$
declare
  v_count_max constant int := 10000;
begin
  if p_state = 'scheduled' then
    return (
      select count(*)
      from (
        (
          select from transfer
          where transfer.rail = p_rail
            and transfer.state = 'scheduled'
            and transfer.next_what in ('send_in_turn', 'send_when_rail_recovers')
          limit v_count_max
        )
        union all
        (
          select from transfer
          where transfer.rail = p_rail
            and transfer.state = 'scheduled'
            and transfer.next_what not in ('send_in_turn', 'send_when_rail_recovers')
            and transfer.waiting_for <> 'person'
          limit v_count_max
        )
        union all
        (
          select from transfer
          where transfer.rail = p_rail
            and transfer.state = 'scheduled'
            and transfer.waiting_for = 'person'
          limit v_count_max
        )
      ) counted
    );
  end if;
  return (
    select count(*)
    from (
      select from transfer
      where transfer.rail = p_rail
        and transfer.state in ('submitting', 'unknown')
        and transfer.state = p_state
      limit v_count_max
    ) counted
  );
end $$;
