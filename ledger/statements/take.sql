-- execute: quittance_worker
-- needs: ledger/milliseconds.sql, ledger/statements/take/facts.sql
-- needs: ledger/statements/take/pace.sql, ledger/statements/take/rows.sql
-- needs: ledger/statements/take/sum.sql

-- Takes statements to be made: of the run of a month, or (p_month null) those beside. Nobody else
-- gets them before the lease is over (p_lease_ms, an hour at most). What was not summed yet is
-- summed first, up to 200,000 postings a call; one with more is given back, to be taken when it is.
-- One whose postings do not come to its figures is put off for an hour: a person should look. One
-- whose lease ran out counts as tried, and from the second time on waits for ten minutes.
-- Returns {taken, left, wait_ms}: `left` counts what is not ready, up to 1,000; `wait_ms` is how
-- long until another can be taken, null when nothing is left.
create or replace function ledger.take_statements(
  p_tenant uuid,
  p_month text,
  p_limit int,
  p_lease_ms int
) returns jsonb
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_now constant timestamptz := clock_timestamp();
  v_lease constant uuid := gen_random_uuid();
  the_month statement_month;
  v_pace paced_statements;
  v_ids uuid[];
  v_lost statement;
  v_unsound statement;
  v_left statements_left;
  v_taken jsonb;
begin
  if p_lease_ms not between 1 and 3600000 then
    raise exception 'a lease lasts up to an hour';
  end if;
  select * into the_month from statement_month where tenant_id = p_tenant and month = p_month;
  if the_month.pace is not null then
    -- Only where there is a pace one taker waits for another.
    select * into the_month
    from statement_month
    where tenant_id = p_tenant and month = p_month
    for no key update;
  end if;
  v_pace := paced(the_month, least(p_limit, 200), v_now);
  perform correct_due_statements(p_tenant, p_month, v_now);
  v_ids := statements_to_make(p_tenant, p_month, v_now, v_pace.allowed);
  -- The process that had it died in it, or took too long. From the second time on it waits, so that
  -- one that ends each of its makers ends few of them, and gets attention.
  for v_lost in
    select * from statement where id = any (v_ids) and lease is not null and tries > 0
  loop
    perform put_off(v_lost, 'lease_over', interval '10 minutes', false);
  end loop;
  for v_unsound in
    select statement.*
    from unnest(sum_statements(v_ids, 200000)) unsound (id)
    join statement on statement.id = unsound.id
  loop
    perform put_off(v_unsound, 'figures_do_not_tie', interval '1 hour', true);
  end loop;
  with taken as (
    update statement set
      due_at = v_now + milliseconds(p_lease_ms),
      lease = v_lease,
      tries = tries + case when lease is null then 0 else 1 end
    where id = any (v_ids) and summed_seq = to_seq and due_at <= v_now
    returning statement.*
  )
  select coalesce(jsonb_agg(taken_statement(taken::statement)), '[]') into v_taken from taken;
  -- What is not summed goes behind the others.
  update statement set due_at = v_now
  where id = any (v_ids) and lease is distinct from v_lease and due_at <= v_now;
  if v_pace.gap is not null then
    update statement_month set
      paced_at = v_pace.first_at + jsonb_array_length(v_taken) * v_pace.gap
    where tenant_id = p_tenant and month = p_month and pace > 0;
  end if;
  v_left := statements_left_of(p_tenant, p_month);
  return jsonb_build_object(
    'taken', v_taken,
    'left', v_left.left_over,
    'wait_ms', milliseconds_until(
      greatest(
        v_left.due_at,
        case when v_left.due_at is not null then
          v_pace.first_at + jsonb_array_length(v_taken) * v_pace.gap
        end),
      clock_timestamp()));
end $$;
