-- execute: quittance_worker

-- Rows whose `next_at` passed by more than the grace, whatever Temporal says. Of those that a drain should take only where it took
-- nothing for three times the grace and the rail is open: a line that moves is no alarm. Nor is a row late whose group has another one
-- under way: an account's transfers go in turn, and the last of five hundred may rightly wait for minutes. At most p_limit of each state, in an order
-- that is another one at each look, so that rows nobody can repair never stand before the others. Returns [{transfer_id, state, rail}].
create or replace function ledger.overdue(p_grace_ms int, p_limit int) returns jsonb
language sql volatile security definer set search_path = ledger, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('transfer_id', x.id, 'state', x.state, 'rail', x.rail)), '[]')
  from (values ('submitting', 1), ('unknown', 1), ('scheduled', 3)) s(state, graces) cross join lateral (
    select t.id, t.state, t.rail from transfer t join rail r on r.name = t.rail
    where t.state = s.state and t.next_at < (select clock_timestamp()) - s.graces * make_interval(secs => p_grace_ms / 1000.0)
      and (t.carrier is null or t.next_what <> 'send' or t.carrier not in (
        select y.carrier from transfer y where y.state = 'submitting' and y.next_what = 'await_answer' and y.next_at > clock_timestamp() and y.carrier is not null))
      and (t.state <> 'scheduled' or r.breaker = 'closed' and r.held_by is null
        and r.taken_at < clock_timestamp() - s.graces * make_interval(secs => p_grace_ms / 1000.0))
    order by random() limit least(p_limit, 500)) x
$$;
