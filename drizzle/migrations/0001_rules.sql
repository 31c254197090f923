-- Locks: none that matter, every object is new.
-- What the database refuses whatever the code says: steps outside the state table, unbalanced postings, changed history.
create table ledger.transition (
  from_state text not null,
  event text not null,
  to_state text not null,
  primary key (from_state, event, to_state)
);
-- Mirrors domain/transfer.ts; a test compares them. '' stands for "not there yet".
insert into ledger.transition (from_state, event, to_state) values
  ('', 'refused', 'declined'),
  ('', 'book_posted', 'completed'),
  ('', 'reserved', 'submitting'),
  ('', 'reserved_for_later', 'scheduled'),
  ('scheduled', 'due', 'submitting'),
  ('scheduled', 'due', 'completed'),
  ('scheduled', 'cancelled', 'cancelled'),
  ('scheduled', 'impossible', 'failed'),
  ('submitting', 'accepted', 'completed'),
  ('unknown', 'accepted', 'completed'),
  ('scheduled', 'accepted', 'completed'),
  ('submitting', 'rejected', 'rejected'),
  ('unknown', 'rejected', 'rejected'),
  ('scheduled', 'rejected', 'rejected'),
  ('submitting', 'rejected', 'unknown'),
  ('scheduled', 'rejected', 'unknown'),
  ('submitting', 'not_taken', 'scheduled'),
  ('unknown', 'not_taken', 'scheduled'),
  ('submitting', 'not_taken', 'unknown'),
  ('submitting', 'put_off', 'scheduled'),
  ('submitting', 'no_answer', 'unknown'),
  ('unknown', 'absent', 'scheduled'),
  ('unknown', 'forced', 'completed'),
  ('unknown', 'forced', 'rejected'),
  ('completed', 'reversed', 'reversed'),
  ('declined', 'contradicted', 'declined'),
  ('completed', 'contradicted', 'completed'),
  ('rejected', 'contradicted', 'rejected'),
  ('failed', 'contradicted', 'failed'),
  ('cancelled', 'contradicted', 'cancelled'),
  ('reversed', 'contradicted', 'reversed');

create function ledger.refuse_unlisted_step() returns trigger language plpgsql as $$
begin
  -- A row whose version did not grow took no step: only its waiting, its carrier or its attention changed.
  if tg_op = 'UPDATE' and new.version = old.version then
    if new.state <> old.state or new.event <> old.event then
      raise exception 'transfer % changed state without a step', new.id using errcode = 'check_violation';
    end if;
    return new;
  end if;
  if tg_op = 'UPDATE' and new.version <> old.version + 1 then
    raise exception 'transfer % skipped a version', new.id using errcode = 'check_violation';
  end if;
  if not exists (select 1 from ledger.transition s
      where s.from_state = case when tg_op = 'INSERT' then '' else old.state end and s.event = new.event and s.to_state = new.state) then
    raise exception 'transfer %: % by % to % is not in the state table', new.id,
      case when tg_op = 'INSERT' then 'nothing' else old.state end, new.event, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger listed_steps_only before insert or update on ledger.transfer for each row execute function ledger.refuse_unlisted_step();

-- What a transfer is about never changes after its first commit.
create function ledger.refuse_changed_terms() returns trigger language plpgsql as $$
begin
  if (old.id, old.tenant_id, old.amount, old.currency, old.rail, old.idempotency_key, old.created_by_group, old.created_at)
      is distinct from (new.id, new.tenant_id, new.amount, new.currency, new.rail, new.idempotency_key, new.created_by_group, new.created_at)
    or (old.source_account_id, old.destination_account_id, old.destination_bank, old.execute_at)
      is distinct from (new.source_account_id, new.destination_account_id, new.destination_bank, new.execute_at)
    or (old.reference, old.description, old.metadata, old.traceparent) is distinct from (new.reference, new.description, new.metadata, new.traceparent)
    or (old.entry_id is not null and old.entry_id is distinct from new.entry_id) then
    raise exception 'the terms of transfer % cannot change', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger terms_never_change before update on ledger.transfer for each row execute function ledger.refuse_changed_terms();

-- A hold is closed once and never opened again, a grant keeps its terms, a decisive word on a send stands, and a balance
-- belongs to its account for ever: each is a rule of the verbs too.
create function ledger.refuse_changed_hold() returns trigger language plpgsql as $$
begin
  if old.state <> 'active' or new.state = 'active'
    or (old.transfer_id, old.tenant_id, old.account_id, old.counter_account_id, old.amount, old.currency, old.created_at)
      is distinct from (new.transfer_id, new.tenant_id, new.account_id, new.counter_account_id, new.amount, new.currency, new.created_at) then
    raise exception 'the hold of transfer % is closed once and never changed', old.transfer_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger closed_once before update on ledger.hold for each row execute function ledger.refuse_changed_hold();

create function ledger.refuse_changed_send() returns trigger language plpgsql as $$
begin
  if (old.transfer_id, old.attempt_n, old.n, old.tenant_id, old.sender, old.granted_at, old.lease_until)
      is distinct from (new.transfer_id, new.attempt_n, new.n, new.tenant_id, new.sender, new.granted_at, new.lease_until)
    or (old.outcome in ('accepted', 'rejected', 'not_taken', 'not_sent') and new.outcome is distinct from old.outcome)
    or (old.outcome = 'unknown' and new.outcome is null) then
    raise exception 'send % of transfer % cannot change so', old.n, old.transfer_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger decided_once before update on ledger.send for each row execute function ledger.refuse_changed_send();

create function ledger.refuse_changed_account() returns trigger language plpgsql as $$
begin
  raise exception 'the balance of account % belongs to it', old.account_id using errcode = 'check_violation';
end $$;
create trigger same_account_always before update on ledger.balance for each row
  when ((old.account_id, old.tenant_id, old.kind, old.currency, old.normal) is distinct from (new.account_id, new.tenant_id, new.kind, new.currency, new.normal))
  execute function ledger.refuse_changed_account();

-- Double entry, once more: every leg of an entry has one debit and one credit of the same amount and currency.
create function ledger.refuse_unbalanced() returns trigger language plpgsql as $$
declare v_bad uuid;
begin
  select p.entry_id into v_bad from inserted p group by p.entry_id, p.leg
    having count(*) <> 2 or count(*) filter (where p.side = 'debit') <> 1 or min(p.amount) <> max(p.amount)
      or min(p.currency) <> max(p.currency) or min(p.tenant_id::text) <> max(p.tenant_id::text)
    limit 1;
  if v_bad is not null then
    raise exception 'entry % does not balance', v_bad using errcode = 'check_violation';
  end if;
  return null;
end $$;
create trigger every_leg_balances after insert on ledger.posting referencing new table as inserted
  for each statement execute function ledger.refuse_unbalanced();

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger.% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete or truncate on ledger.entry for each statement execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.posting for each statement execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.event for each statement execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.batch for each statement execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.transfer_key for each statement execute function ledger.refuse_change();
create trigger append_only before update or delete or truncate on ledger.audit for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.transfer for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.hold for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.attempt for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.send for each statement execute function ledger.refuse_change();
create trigger never_deleted before delete or truncate on ledger.balance for each statement execute function ledger.refuse_change();

-- Makes the monthly partitions from this month to so many months ahead; again is harmless. Returns how many months ahead of this
-- one have all their partitions without a gap, read from the catalogue: -1 when this month itself has not.
-- No DEFAULT partition: a missing one must be loud, and every later attach would have to scan it.
create function ledger.make_partitions(p_months_ahead int) returns int
language plpgsql security definer set search_path = ledger, pg_temp as $$
declare
  v_table text;
  v_month timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
  v_from timestamptz;
  v_to timestamptz;
  v_name text;
  v_ahead int;
begin
  if p_months_ahead not between 1 and 24 then raise exception 'months ahead must be 1 to 24'; end if;
  -- Two housekeepers at once must not race for the same name.
  perform pg_advisory_xact_lock(7201);
  for i in 0..p_months_ahead loop
    v_from := (v_month at time zone 'UTC' + make_interval(months => i)) at time zone 'UTC';
    v_to := (v_month at time zone 'UTC' + make_interval(months => i + 1)) at time zone 'UTC';
    foreach v_table in array array['entry', 'posting', 'event'] loop
      v_name := v_table || to_char(v_from at time zone 'UTC', '"_"YYYY"_"MM');
      if to_regclass('ledger.' || v_name) is null then
        -- Made beside its parent and attached: that takes a lock under which the parent is still written.
        execute format('create table ledger.%I (like ledger.%I including all)', v_name, v_table);
        execute format('create trigger append_only before update or delete or truncate on ledger.%I for each statement execute function ledger.refuse_change()', v_name);
        execute format('alter table ledger.%I set (autovacuum_vacuum_insert_scale_factor = 0.05)', v_name);
        execute format('alter table ledger.%I enable row level security', v_name);
        execute format('alter table ledger.%I attach partition ledger.%I for values from (%L) to (%L)', v_table, v_name, v_from, v_to);
      end if;
    end loop;
  end loop;
  select coalesce(min(x.i) - 1, p_months_ahead) into v_ahead
    from generate_series(0, p_months_ahead) x(i) cross join unnest(array['entry', 'posting', 'event']) t(name)
    where not exists (select 1 from pg_inherits h where h.inhparent = ('ledger.' || t.name)::regclass and h.inhrelid
      = to_regclass('ledger.' || t.name || to_char(v_month at time zone 'UTC' + make_interval(months => x.i), '"_"YYYY"_"MM')));
  return v_ahead;
end $$;
select ledger.make_partitions(3);
