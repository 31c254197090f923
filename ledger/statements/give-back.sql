-- execute: quittance_worker

-- Gives a statement back that its taker does not try, as one that stops: it may be taken at once.
-- Without the lease nothing is written.
create or replace function ledger.give_back_statement(p_id uuid, p_lease uuid) returns boolean
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update statement set due_at = clock_timestamp(), lease = null
  where id = p_id and lease = p_lease;
  return found;
end $$;
