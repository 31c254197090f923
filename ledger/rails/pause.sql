-- execute: quittance_owner
-- needs: ledger/audit/write.sql

-- An operator's pause of a rail: nothing new is sent until it is lifted (p_why null). The row shows
-- who paused it and why. Raises for a rail that there is not.
create or replace function ledger.pause_rail(p_rail text, p_actor text, p_why text) returns void
language plpgsql security definer set search_path = ledger, pg_temp as $$
begin
  update rail set paused_by = p_actor || ': ' || p_why, changed_at = now() where name = p_rail;
  if not found then
    raise exception 'no such rail: %', p_rail;
  end if;
  perform write_audit(
    p_actor,
    null,
    case when p_why is null then 'rail.resumed' else 'rail.paused' end,
    p_rail,
    jsonb_build_object('why', p_why)
  );
end $$;
