-- Locks: entry_request for as long as two indexes on it are made, which stops its writers; the rest
-- is new. Few requests reverse anything, so the indexes are small, and each reads the table once.
-- squawk-ignore-file require-concurrent-index-creation
-- Months of entries, postings and events that an operator detached, and what they leave behind
-- (docs/adr/0053-a-detached-month-leaves-what-must-go-on-answering.md).

-- Where the tables of detached months are until somebody dumps and drops them. No role of ours may
-- use it.
create schema ledger_detached authorization quittance_owner;

-- A month that is being detached, is detached, or was attached again. `step`: what is being kept of
-- it now; `after_…`: the last row that was looked at. `postings`, `entries`, `events`: rows that
-- were looked at. `own_xid`, `older_xid`: the last transaction that wrote in it; those of a
-- database that counted otherwise, before it was filled from a dump, apart.
create table ledger.detached_month (
  month date primary key check (extract(day from month) = 1),
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at),
  status text not null check (status in ('keeping', 'kept', 'detached', 'attached')),
  step text not null check (step in ('postings', 'entries', 'events', 'statements', 'whole')),
  after_id uuid,
  after_at timestamptz,
  after_seq bigint,
  postings bigint not null default 0 check (postings >= 0),
  entries bigint not null default 0 check (entries >= 0),
  events bigint not null default 0 check (events >= 0),
  own_xid xid8,
  older_xid xid8,
  begun_at timestamptz not null,
  detached_at timestamptz,
  constraint kept_is_whole check (status not in ('kept', 'detached') or step = 'whole'),
  constraint detached_has_time check ((status = 'detached') = (detached_at is not null))
);

-- Where an account stood after its last posting of a month: what was posted to it until then, and
-- how many of its postings changed its version (`changes`). An account on which nothing was posted
-- in a month has none for it. A row that a later detached month took the place of is deleted.
create table ledger.kept_balance (
  account_id uuid not null,
  month date not null references ledger.detached_month,
  tenant_id uuid not null,
  currency text not null,
  normal smallint not null check (normal in (-1, 1)),
  seq bigint not null check (seq > 0),
  posted_at timestamptz not null,
  debit_posted bigint not null check (debit_posted >= 0),
  credit_posted bigint not null check (credit_posted >= 0),
  balance_after bigint not null,
  changes bigint not null check (changes between 0 and seq),
  primary key (account_id, month),
  constraint kept_figures_tie check (balance_after = normal * (credit_posted - debit_posted))
) with (fillfactor = 90);
create index kept_balance_month on ledger.kept_balance (month, account_id);

-- What a repeated request about a transfer is answered from: its first event, and the number of the
-- one that cancelled it. `balance_after`: where it paid in from a funding account, what that left.
create table ledger.kept_event (
  transfer_id uuid not null,
  version int not null check (version > 0),
  tenant_id uuid not null,
  cause text not null,
  to_state text not null,
  evidence jsonb,
  balance_after bigint,
  primary key (transfer_id, version),
  constraint first_or_cancelled check (
    version = 1 and evidence is not null
    or version > 1 and cause = 'cancelled' and num_nonnulls(evidence, balance_after) = 0)
);

-- What a repeated request for an entry is answered from, where its request alone does not say it:
-- of those that were dated, or that somebody asked to reverse, the date and the legs.
create table ledger.kept_entry (
  id uuid primary key,
  tenant_id uuid not null,
  effective_at timestamptz not null,
  legs jsonb not null check (jsonb_typeof(legs) = 'array' and jsonb_array_length(legs) > 0)
);

-- Which entries somebody asked to reverse, and who did since a time.
create index entry_request_reverses on ledger.entry_request (reverses_id)
  where reverses_id is not null;
create index entry_request_reversal on ledger.entry_request (created_at)
  where reverses_id is not null;

do $$
declare
  v_named_tenant constant text :=
    '(select nullif(current_setting(''quittance.tenant'', true), '''')::uuid)';
  v_table text;
begin
  foreach v_table in array array['detached_month', 'kept_balance', 'kept_event', 'kept_entry']
  loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('alter table ledger.%I enable row level security', v_table);
    -- Which months are detached is no secret of a tenant.
    execute format('create policy own_tenant on ledger.%I for select to quittance_api using (%s)',
      v_table,
      case v_table when 'detached_month' then 'true' else 'tenant_id = ' || v_named_tenant end);
    execute format('create policy all_tenants on ledger.%I for select '
      'to quittance_worker, quittance_reader using (true)', v_table);
    execute format('grant select on ledger.%I to quittance_api, quittance_worker, '
      'quittance_reader', v_table);
  end loop;
end $$;
