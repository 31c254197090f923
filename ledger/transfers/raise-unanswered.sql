-- execute: quittance_worker
-- needs: ledger/milliseconds.sql

-- Gives attention to transfers that are unknown for longer than their rail's limit, whether or not
-- anybody asks about them: the inquiry that would do it runs on a worker of the rail, which may be
-- what is missing. At most p_limit of each rail. Returns how many.
create or replace function ledger.raise_unanswered(p_limit int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_limit constant int := least(p_limit, 500);
  v_rail rail;
  v_found int;
  v_count int := 0;
begin
  for v_rail in select * from rail loop
    with unanswered as (
      select transfer.id
      from transfer
      where transfer.rail = v_rail.name
        and transfer.state = 'unknown'
        and transfer.attention_reason is null
        and transfer.state_since < v_now - milliseconds(v_rail.give_up_ms)
      order by transfer.state_since
      limit v_limit
      for no key update skip locked
    )
    update transfer set
      attention_reason = 'unknown_too_long',
      attention_since = v_now
    from unanswered
    where transfer.id = unanswered.id;
    get diagnostics v_found = row_count;
    v_count := v_count + v_found;
  end loop;
  return v_count;
end $$;
