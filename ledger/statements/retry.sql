-- execute: quittance_owner
-- needs: ledger/audit/write.sql, ledger/statements/retry/put-off.sql
-- needs: ledger/statements/tally.sql

-- What was put off, of a month or (p_month null) of the queue beside, may be taken now, with its
-- tries counted from the beginning: for a person who has repaired the cause. At most 5,000 of them
-- a call; the month is offered at the next look. Returns how many.
create or replace function ledger.retry_statements(p_tenant uuid, p_month text, p_actor text)
returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_put_off uuid[];
  v_marked statement;
begin
  v_put_off := statements_put_off(p_tenant, p_month, 5000);
  for v_marked in
    select * from statement where id = any (v_put_off) and attention_reason is not null
  loop
    perform tally_statements(v_marked, 0, -1);
  end loop;
  update statement set due_at = clock_timestamp(), tries = 0, attention_reason = null
  where id = any (v_put_off);
  update statement_month set offered_at = '-infinity'
  where tenant_id = p_tenant and month = p_month and status <> 'closed';
  if cardinality(v_put_off) > 0 then
    perform write_audit(
      p_actor, p_tenant, 'statement_month.retried', coalesce(p_month, 'on_request'),
      jsonb_build_object('statements', cardinality(v_put_off)));
  end if;
  return cardinality(v_put_off);
end $$;
