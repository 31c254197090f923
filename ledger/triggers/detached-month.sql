-- execute: nobody

-- Once more than the verbs: months are detached oldest first and attached newest first, and what
-- one was is never another.
create or replace function ledger.refuse_changed_detaching() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if (old.month, old.from_at, old.to_at) is distinct from (new.month, new.from_at, new.to_at)
    or new.status <> old.status and (old.status, new.status) not in (
      ('keeping', 'kept'), ('kept', 'detached'), ('detached', 'attached'),
      ('keeping', 'attached'), ('kept', 'attached'), ('attached', 'keeping'))
    or (new.postings, new.entries, new.events) <> (old.postings, old.entries, old.events)
      and old.status not in ('keeping', 'attached')
    or new.status = 'detached' and exists (
      select from detached_month where month < new.month and status <> 'detached')
    or old.status = 'detached' and new.status <> 'detached' and exists (
      select from detached_month where month > new.month)
  then
    raise exception 'the month % does not become so', old.month using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger in_sequence before update on ledger.detached_month
  for each row execute function ledger.refuse_changed_detaching();

-- What is kept of an account goes forward only, while its month is being kept; and a row goes when
-- a detached month has another that took its place.
create or replace function ledger.refuse_kept_backwards() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_detached constant date := (select max(month) from detached_month where status = 'detached');
begin
  if tg_op = 'DELETE' then
    if exists (
      select
      from kept_balance later
      where later.account_id = old.account_id
        and later.month > old.month
        and later.month <= v_detached
        and later.seq > old.seq)
    then
      return old;
    end if;
  elsif exists (select from detached_month where month = new.month and status = 'keeping')
    and not exists (
      select
      from kept_balance other
      where other.account_id = new.account_id
        and other.month <> new.month
        and (other.month > new.month) = (other.seq <= new.seq))
    and (tg_op = 'INSERT' or (
      (old.account_id, old.month, old.tenant_id, old.currency, old.normal)
        = (new.account_id, new.month, new.tenant_id, new.currency, new.normal)
      and new.seq > old.seq
      and new.posted_at >= old.posted_at
      and new.debit_posted >= old.debit_posted
      and new.credit_posted >= old.credit_posted))
  then
    return new;
  end if;
  raise exception 'what is kept of account % only goes forward',
    case tg_op when 'DELETE' then old.account_id else new.account_id end
    using errcode = 'check_violation';
end $$;

create or replace trigger only_forward before insert or update or delete on ledger.kept_balance
  for each row execute function ledger.refuse_kept_backwards();
