-- execute: nobody

-- A transfer's rail has a row. Not a foreign key: a reference would lock the row, which the breaker
-- changes all the time, for every transfer that is made.
create or replace function ledger.refuse_unknown_rail() returns trigger language plpgsql as $$
declare
  v_rail text;
begin
  select inserted.rail::text into v_rail
  from inserted
  where not exists (select from ledger.rail where rail.name = inserted.rail)
  limit 1;
  if v_rail is not null then
    raise exception 'no such rail: %', v_rail using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;

create or replace trigger registered_rails_only after insert on ledger.transfer
  referencing new table as inserted
  for each statement execute function ledger.refuse_unknown_rail();
