-- execute: nobody
-- needs: ledger/statements/take/facts.sql

-- Once more than the verbs: a statement begins where the one before it ended, or with the first
-- posting that counts; it ends with a posting of its account; and an edition repeats the figures.
create or replace function ledger.refuse_unchained_statement() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_id uuid;
begin
  select fresh.id into v_id
  from inserted fresh
  where fresh.replaces_id is null and not (
    (
      exists (
        select
        from statement previous
        where previous.account_id = fresh.account_id
          and previous.replaces_id is null
          and (previous.number = fresh.number - 1 or fresh.number is null)
          and previous.number is not null
          and previous.to_at = fresh.from_at
          and previous.to_seq = fresh.from_seq
          and previous.closing = fresh.opening
      )
      or coalesce(fresh.number, 1) = 1 and (fresh.from_seq = 0 or exists (
        select
        from posting before
        join statement_plan plan on plan.tenant_id = before.tenant_id
        where before.account_id = fresh.account_id
          and before.created_at = fresh.from_posted_at
          and before.seq = fresh.from_seq
          and before.balance_after = fresh.opening
          and before.created_at < plan.counts_from
      ) or exists (
        select
        from kept_balance kept
        join statement_plan plan on plan.tenant_id = kept.tenant_id
        where kept.account_id = fresh.account_id
          and kept.posted_at = fresh.from_posted_at
          and kept.seq = fresh.from_seq
          and kept.balance_after = fresh.opening
          and kept.posted_at < plan.counts_from
      ))
    )
    and (fresh.to_seq = fresh.from_seq or exists (
      select
      from posting last_one
      where last_one.account_id = fresh.account_id
        and last_one.created_at = fresh.to_posted_at
        and last_one.seq = fresh.to_seq
        and last_one.balance_after = fresh.closing
    ))
  )
  limit 1;
  if v_id is not null then
    raise exception 'statement % is not chained', v_id using errcode = 'check_violation';
  end if;
  select fresh.id into v_id
  from inserted fresh
  left join statement replaced on replaced.id = fresh.replaces_id
  where fresh.replaces_id is not null
    and (replaced.edition + 1, figures_of(replaced)) is distinct from
      (fresh.edition, figures_of(fresh))
  limit 1;
  if v_id is not null then
    raise exception 'statement % does not repeat the edition before it', v_id
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace trigger chained after insert on ledger.statement
  referencing new table as inserted
  for each statement execute function ledger.refuse_unchained_statement();

-- What the editions of a statement have in common.
create or replace function ledger.figures_of(statement ledger.statement) returns jsonb
language sql immutable
return to_jsonb(statement) - array[
  'id', 'edition', 'replaces_id', 'locale', 'brand', 'keep_years', 'account_name',
  'account_reference', 'status', 'due_at', 'lease', 'tries', 'attention_reason',
  'document_sha256', 'renderer', 'created_at', 'cut_snapshot', 'ready_at'
];

-- A statement keeps what was cut. Its sums only grow, until they are whole; it is ready once, and
-- keeps its document; while it is not, it may become the next edition.
create or replace function ledger.refuse_changed_statement() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
begin
  if old.status = 'ready'
    or (old.id, old.tenant_id, old.account_id, old.kind, old.number, old.replaces_id)
      is distinct from
      (new.id, new.tenant_id, new.account_id, new.kind, new.number, new.replaces_id)
    or (old.month, old.day, old.sequence_of_day, old.from_at, old.to_at, old.zone, old.currency)
      is distinct from
      (new.month, new.day, new.sequence_of_day, new.from_at, new.to_at, new.zone, new.currency)
    or (old.from_seq, old.to_seq, old.from_posted_at, old.to_posted_at, old.opening, old.closing)
      is distinct from
      (new.from_seq, new.to_seq, new.from_posted_at, new.to_posted_at, new.opening, new.closing)
    or (old.held, old.created_at, old.cut_snapshot::text)
      is distinct from (new.held, new.created_at, new.cut_snapshot::text)
    or new.edition not in (old.edition, old.edition + 1)
    or new.edition = old.edition and (
      (old.locale, old.brand, old.keep_years, old.account_name, old.account_reference)
        is distinct from
        (new.locale, new.brand, new.keep_years, new.account_name, new.account_reference))
    or new.edition > old.edition and new.status = 'ready'
    or new.summed_seq < old.summed_seq
    or new.summed_seq = old.summed_seq and (
      (old.summed_balance, old.money_in, old.money_out, old.count_in, old.count_out)
        is distinct from
        (new.summed_balance, new.money_in, new.money_out, new.count_in, new.count_out)
      or (old.late_count, old.late_amount) is distinct from (new.late_count, new.late_amount))
  then
    raise exception 'statement % keeps what was cut', old.id using errcode = 'check_violation';
  end if;
  return new;
end $$;

create or replace trigger figures_never_change before update on ledger.statement
  for each row execute function ledger.refuse_changed_statement();

-- What is ready can be read: each part has its document and its PDF, and parts have a manifest.
create or replace function ledger.refuse_missing_objects() returns trigger
language plpgsql set search_path = ledger, pg_temp as $$
declare
  v_parts constant int := parts_of(new);
begin
  if v_parts = 1 and (
      select count(*) from statement_object
      where statement_id = new.id and part = 0
    ) <> 2
    or v_parts > 1 and (
      select count(*) from statement_object
      where statement_id = new.id and (part between 1 and v_parts or (part, format) = (0, 'json'))
    ) <> 2 * v_parts + 1
    or exists (
      select from statement_object
      where statement_id = new.id and part > case v_parts when 1 then 0 else v_parts end
    )
    or not exists (
      select from statement_object
      where statement_id = new.id and (format, part) = ('json', 0)
        and sha256 = new.document_sha256
    )
  then
    raise exception 'statement % has not the objects of its % parts', new.id, v_parts
      using errcode = 'check_violation';
  end if;
  return null;
end $$;

create or replace trigger ready_has_objects after update of status on ledger.statement
  for each row
  when (new.status = 'ready' and old.status <> 'ready')
  execute function ledger.refuse_missing_objects();
