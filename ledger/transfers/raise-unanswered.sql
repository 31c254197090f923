-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/transfers/unanswered-ahead.sql

-- Gives attention to transfers that are unknown for longer than their rail's limit, whether or not
-- anybody asks about them: the inquiry that would do it runs on a worker of the rail, which may be
-- what is missing. At most p_limit of each rail. Returns how many.
create or replace function ledger.raise_unanswered(p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant int := least(p_limit, 500);
  v_rail rail;
  v_ids uuid[];
  v_count int := 0;
begin
  for v_rail in select * from rail loop
    v_ids := array(
      select transfer.id
      from transfer
      where transfer.rail = v_rail.name
        and transfer.state = 'unknown'
        and transfer.attention_reason is null
        and transfer.state_since < v_now - milliseconds(v_rail.give_up_ms)
      order by transfer.state_since
      limit v_limit
      for no key update skip locked
    ) || unanswered_ahead(v_rail, v_limit, v_now);
    if v_ids <> '{}' then
      update transfer set
        attention_reason = 'unknown_too_long',
        attention_since = v_now
      where id = any (v_ids);
    end if;
    v_count := v_count + cardinality(v_ids);
  end loop;
  return v_count;
end $$;
