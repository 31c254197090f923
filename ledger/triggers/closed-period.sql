-- execute: nobody
-- needs: ledger/periods/closed-until.sql

-- Nothing is dated into a closed month, once more. What has the time of its commit is not dated: a
-- month is closed only when no such entry can come into it.
create or replace function ledger.refuse_closed_period() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_entry uuid;
begin
  perform keep_periods(array(
    select distinct tenant_id from inserted where effective_at <> created_at
  ));
  select id into v_entry
  from inserted
  where effective_at <> created_at and effective_at < closed_until(tenant_id)
  limit 1;
  if v_entry is not null then
    raise exception 'entry % is dated into a closed period', v_entry
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace trigger not_in_a_closed_period after insert on ledger.entry
  referencing new table as inserted
  for each statement execute function ledger.refuse_closed_period();
