-- execute: nobody

-- Which of these accounts another transaction has locked, and the id of that transaction:
-- {account: holder}. It never waits. The locks that it takes to find out end with its call.
create or replace function ledger.holders_of_accounts(p_ids uuid[]) returns jsonb
language plpgsql as $$
declare
  v_free uuid[];
begin
  v_free := array(
    select account_id
    from balance
    where account_id = any (p_ids)
    order by account_id
    for no key update skip locked
  );
  return (
    select coalesce(jsonb_object_agg(account_id, xmax::text), '{}')
    from balance
    where account_id = any (p_ids) and account_id <> all (v_free)
  );
end $$;

-- The same of transfers: {transfer: holder}.
create or replace function ledger.holders_of_transfers(p_ids uuid[]) returns jsonb
language plpgsql as $$
declare
  v_free uuid[];
begin
  v_free := array(
    select id from transfer where id = any (p_ids) order by id for no key update skip locked
  );
  return (
    select coalesce(jsonb_object_agg(id, xmax::text), '{}')
    from transfer
    where id = any (p_ids) and id <> all (v_free)
  );
end $$;

-- The same of clients' holds: {hold: holder}.
create or replace function ledger.holders_of_holds(p_ids uuid[]) returns jsonb
language plpgsql as $$
declare
  v_free uuid[];
begin
  v_free := array(
    select id from client_hold where id = any (p_ids) order by id for no key update skip locked
  );
  return (
    select coalesce(jsonb_object_agg(id, xmax::text), '{}')
    from client_hold
    where id = any (p_ids) and id <> all (v_free)
  );
end $$;
