-- execute: nobody
-- needs: ledger/milliseconds.sql, ledger/transfers/unresolved-sends.sql

-- Of those that became unknown at a time that lies ahead, under a wrong clock, the ones whose
-- oldest unresolved send is too old, or of an age that nobody knows.
create or replace function ledger.unanswered_ahead(
  rail ledger.rail,
  p_limit int,
  p_now timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_ids constant uuid[] := array(
    select transfer.id
    from transfer
    where transfer.rail = rail.name
      and transfer.state = 'unknown'
      and transfer.attention_reason is null
      and transfer.state_since > p_now
    order by transfer.state_since desc
    limit p_limit
    for no key update skip locked
  );
begin
  if v_ids = '{}' then
    return v_ids;
  end if;
  perform correct_sends(v_ids, p_now);
  return array(
    select attempt.transfer_id
    from attempt
    cross join lateral unresolved_sends(
      attempt.transfer_id, attempt.n, attempt.created_at, p_now
    ) sends
    where attempt.transfer_id = any (v_ids)
      and p_now > sends.oldest + milliseconds(rail.give_up_ms)
  );
end $$;
