-- execute: nobody

-- A transfer takes only steps of the state table, one at a time.
create or replace function ledger.refuse_unlisted_step() returns trigger language plpgsql as $$
declare
  v_from text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  -- A row whose version did not grow took no step: only its waiting, its carrier or its attention
  -- changed.
  if tg_op = 'UPDATE' and new.version = old.version then
    if new.state <> old.state or new.cause <> old.cause then
      raise exception 'transfer % changed state without a step', new.id
        using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.version <> old.version + 1 then
    raise exception 'transfer % skipped a version', new.id using errcode = 'check_violation';
  end if;
  if not exists (
    select 1 from ledger.transition
    where from_state = v_from and cause = new.cause and to_state = new.state)
  then
    raise exception 'transfer %: % by % to % is not in the state table',
      new.id, coalesce(nullif(v_from, ''), 'nothing'), new.cause, new.state
      using errcode = 'check_violation';
  end if;
  return new;
end $$;

-- A change of what comes next alone writes none of these columns, and does not pay for it.
create or replace trigger listed_steps_only
  before insert or update of state, cause, version on ledger.transfer
  for each row execute function ledger.refuse_unlisted_step();
