-- execute: nobody
-- needs: ledger/transfers/claim/command.sql

-- Marks sends unknown whose lease is over, before the next one is granted: only one may be open.
create or replace function ledger.close_lapsed_sends(p_transfers uuid[], p_now timestamptz)
returns void
language plpgsql as $$
begin
  update send set outcome = 'unknown', answered_at = p_now
  where transfer_id = any (p_transfers) and outcome is null;
  -- The inquiries about the next send begin with the first wait, however many were made before.
  update attempt set inquiries = 0
  where transfer_id = any (p_transfers) and inquiries > 0;
end $$;

-- Writes the new grants. One statement for both tables: each statement prepares the checks of its
-- table again.
create or replace function ledger.write_grants(p_decisions ledger.claim_decision[]) returns void
language plpgsql as $$
begin
  with granted as (
    insert into send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until)
    select id, attempt_n, n, tenant_id, sender, granted_at, lease_until
    from unnest(p_decisions)
    where is_new
    returning transfer_id, lease_until
  )
  update transfer set
    next_what = 'await_answer',
    next_at = granted.lease_until,
    waiting_for = 'worker'
  from granted
  where transfer.id = granted.transfer_id;
end $$;
