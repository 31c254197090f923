-- execute: nobody

create or replace function ledger.refuse_unlisted_step() returns trigger language plpgsql as $$
begin
  -- A row whose version did not grow took no step: only its waiting, its carrier or its attention changed.
  if tg_op = 'UPDATE' and new.version = old.version then
    if new.state <> old.state or new.cause <> old.cause then
      raise exception 'transfer % changed state without a step', new.id using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.version <> old.version + 1 then
    raise exception 'transfer % skipped a version', new.id using errcode = 'check_violation';
  end if;
  if not exists (select 1 from ledger.transition s
      where s.from_state = case when tg_op = 'INSERT' then '' else old.state end and s.cause = new.cause and s.to_state = new.state) then
    raise exception 'transfer %: % by % to % is not in the state table', new.id,
      case when tg_op = 'INSERT' then 'nothing' else old.state end, new.cause, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create or replace trigger listed_steps_only before insert or update on ledger.transfer for each row execute function ledger.refuse_unlisted_step();
