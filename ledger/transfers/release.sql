-- execute: quittance_worker
-- needs: ledger/accounts/lock.sql, ledger/commit.sql, ledger/ids.sql
-- needs: ledger/transfers/apply-legs.sql, ledger/transfers/commit-time.sql
-- needs: ledger/transfers/write-events.sql

-- First step of a drain's group: what was taken goes on its way. Run twice = once: a row is moved only if this carrier holds it,
-- and one that it has moved already is told as moved. The n-th carrier is that of the n-th id. Returns {outcomes: [{id, state}], balances, endpoints}; state is
-- `elsewhere` where another carrier has it.
create or replace function ledger.release_due(p_ids uuid[], p_carriers uuid[], p_worker_ms int) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  t transfer; h hold; v_at timestamptz; v_now timestamptz; v_batch bigint; v_to text; v_cause text; v_entry uuid; v_entries int := 0; v_next timestamptz; v_id uuid; v_carrier uuid; v_closed boolean;
  v_moves move[] := '{}'; v_steps step[] := '{}'; v_balances jsonb; v_endpoints uuid[]; v_out jsonb[] := '{}';
begin
  perform assert_read_committed();
  if cardinality(p_ids) > 500 or cardinality(p_ids) <> cardinality(p_carriers) then raise exception 'at most 500 rows, each with its carrier'; end if;
  perform 1 from transfer x where x.id = any(p_ids) order by x.id for no key update;
  v_at := commit_time(lock_accounts(array(
    select y.account_id from hold y where y.transfer_id = any(p_ids) union select y.counter_account_id from hold y where y.transfer_id = any(p_ids))), p_ids);
  v_now := date_trunc('milliseconds', clock_timestamp());
  for v_id, v_carrier in select x.id, x.carrier from unnest(p_ids, p_carriers) with ordinality x(id, carrier, o) order by x.o loop
    select * into t from transfer where id = v_id;
    select * into h from hold where transfer_id = v_id;
    if t.state = 'scheduled' and t.carrier = v_carrier then
      v_entry := null; v_next := null; v_cause := 'due';
      if t.rail = 'book' then
        select b.status = 'closed' into v_closed from balance b where b.account_id = h.counter_account_id;
        if v_closed then
          v_cause := 'impossible'; v_to := 'failed';
          v_moves := v_moves || row(t.id, t.tenant_id, null, 1, 'release', h.account_id, h.counter_account_id, h.amount)::move;
        else
          v_to := 'completed'; v_entry := uuid_v7(v_at); v_entries := v_entries + 1;
          v_moves := v_moves || row(t.id, t.tenant_id, v_entry, 1, 'capture', h.account_id, h.counter_account_id, h.amount)::move;
        end if;
        update hold set state = case v_to when 'completed' then 'captured' else 'released' end, closed_at = v_at where transfer_id = t.id;
      else
        v_to := 'submitting'; v_next := v_now + make_interval(secs => p_worker_ms / 1000.0);
      end if;
      v_steps := v_steps || row(t.id, t.tenant_id, t.version + 1, t.state, v_cause, v_to, jsonb_strip_nulls(jsonb_build_object('source', 'dispatch', 'entry_id', v_entry,
        'next', next_of('send', v_next, 'worker'),
        'refusal', case when v_to = 'failed' then jsonb_build_object('code', 'account_closed') end)))::step;
      update transfer set state = v_to, cause = v_cause, version = version + 1, updated_at = v_at, state_since = v_at,
        next_what = case when v_next is not null then 'send' end, next_at = v_next, waiting_for = case when v_next is not null then 'worker' end,
        carrier = case when v_to = 'submitting' then carrier end, entry_id = coalesce(v_entry, entry_id),
        completed_at = case when v_to = 'completed' then v_at end, refusal_code = case when v_to = 'failed' then 'account_closed' end
        where id = t.id;
      v_out := v_out || jsonb_build_object('id', t.id, 'state', v_to);
    else
      -- Not ours to move: ours from an earlier run (submitting under this carrier), or somebody else's by now.
      v_out := v_out || jsonb_build_object('id', v_id, 'state', case when t.carrier is distinct from v_carrier and t.state in ('scheduled', 'submitting') then 'elsewhere' else t.state end);
    end if;
  end loop;
  if cardinality(v_steps) > 0 then
    v_batch := new_batch(v_at, cardinality(p_ids), v_entries);
    v_balances := apply_moves(v_moves, v_at, v_batch);
    v_endpoints := write_events(v_steps, v_at, v_batch);
  end if;
  return jsonb_build_object('outcomes', to_jsonb(v_out), 'balances', coalesce(v_balances, '[]'), 'endpoints', to_jsonb(coalesce(v_endpoints, '{}')));
end $$;
