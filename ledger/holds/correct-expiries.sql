-- execute: nobody

-- No hold is kept for longer than thirty days. One whose time lies further ahead was made under a
-- clock that ran ahead: it gets the time that it was meant to last, from now on. At most 500 at a
-- look, found at the end of an index.
create or replace function ledger.correct_expiries(p_now timestamptz) returns void
language plpgsql as $$
declare
  v_ids uuid[];
begin
  v_ids := array(
    select held.id
    from client_hold held
    where held.state = 'open' and held.expires_at > p_now + interval '30 days 2 minutes'
    order by held.expires_at desc
    limit 500
    for no key update skip locked
  );
  if v_ids <> '{}' then
    update client_hold held
    set expires_at = p_now + case
      when held.expires_at > held.created_at
        then least(interval '30 days', held.expires_at - held.created_at)
      else interval '30 days'
    end
    where held.id = any (v_ids);
  end if;
end $$;
