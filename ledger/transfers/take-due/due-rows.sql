-- execute: nobody
-- needs: ledger/transfers/take-due/busy-accounts.sql

-- The rows of a rail that may be taken now, those that were reserved first before the others. Two
-- plain walks along an index, because after an outage there may be a hundred thousand rows, of
-- which the planner knows nothing yet.
create or replace function ledger.due_rows(p_rail text, p_now timestamptz, p_limit int)
returns uuid[]
language plpgsql stable as $$
begin
  return array(
    with busy as materialized (
      select distinct account_id from busy_accounts(p_rail, p_now) account_id
    ), in_line as (
      select transfer.id
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.waiting_for = 'rail'
        -- send_when_rail_recovers: its time was a guess at the probe, and the rail is up now.
        and (transfer.next_at <= p_now or transfer.next_what = 'send_when_rail_recovers')
        and transfer.source_account_id not in (select account_id from busy)
      order by transfer.id
      limit p_limit
    ), fallen_due as (
      select transfer.id
      from transfer
      where transfer.rail = p_rail
        and transfer.state = 'scheduled'
        and transfer.next_at <= p_now
        and transfer.waiting_for <> 'rail'
        and transfer.source_account_id not in (select account_id from busy)
      order by transfer.next_at
      limit p_limit
    )
    select id from in_line
    union all
    select id from fallen_due
    order by id
    limit p_limit
  );
end $$;
