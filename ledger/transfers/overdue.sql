-- execute: quittance_worker
-- needs: ledger/milliseconds.sql

-- Transfers whose next step is later than the grace, whatever Temporal says. Not among them:
--   a scheduled one, unless its rail is up and nothing was taken there for three times the grace:
--   a line that moves is no alarm
--   one whose group has another one under way: an account's transfers go in turn, and the last of
--   five hundred may rightly wait for minutes
-- At most p_limit of each state, each time in another order, so that rows which nobody can repair
-- never stand before the others. Returns [{transfer_id, state, rail}].
create or replace function ledger.overdue(p_grace_ms int, p_limit int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_grace constant interval := milliseconds(p_grace_ms);
  v_rows jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'transfer_id', late.id,
    'state', late.state,
    'rail', late.rail
  ))
  into v_rows
  from (values ('submitting', 1), ('unknown', 1), ('scheduled', 3)) look (state, graces)
  cross join lateral (
    select transfer.id, transfer.state, transfer.rail
    from transfer
    join rail on rail.name = transfer.rail
    where transfer.state = look.state
      and transfer.next_at < v_now - look.graces * v_grace
      and (
        transfer.carrier is null
        or transfer.next_what <> 'send'
        or transfer.carrier not in (
          select sibling.carrier
          from transfer sibling
          where sibling.state = 'submitting'
            and sibling.next_what = 'await_answer'
            and sibling.next_at > v_now
            and sibling.carrier is not null
        )
      )
      and (
        transfer.state <> 'scheduled'
        or rail.breaker = 'closed'
          and rail.paused_by is null
          and rail.taken_at < v_now - look.graces * v_grace
      )
    order by random()
    limit least(p_limit, 500)
  ) late;
  return coalesce(v_rows, '[]');
end $$;
