-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- Keeps what an operator did with a version of the workers: p_act is the last part of the action,
-- p_detail what it was done with. The version itself is Temporal's.
create or replace function ledger.note_version_act(
  p_actor text,
  p_act text,
  p_build text,
  p_detail jsonb
) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  if p_act not in ('ramped', 'made_current', 'rolled_back', 'removed') then
    raise exception 'no such act on a version: %', p_act;
  end if;
  perform write_audit(p_actor, null, 'worker_version.' || p_act, p_build, p_detail);
end $$;
