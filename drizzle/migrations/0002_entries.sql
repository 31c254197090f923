-- Locks: none that matter, every object is new.
-- Entries and their postings, the events of transfers, and the batches that wrote them. Their
-- monthly partitions are made by ledger.make_partitions, which `npm run migrate` calls.

-- One row per call of a writer: the commit horizon for readers of events, and later the chain of
-- the audit.
create table ledger.batch (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null,
  commands int not null,
  entries int not null
);
create index batch_xid on ledger.batch (xid);

-- Entries, postings and events are partitioned by month and never changed.
create table ledger.entry (
  id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid,
  reverses_id uuid,
  description text,
  metadata jsonb not null default '{}',
  effective_at timestamptz not null,
  batch_id bigint not null,
  created_at timestamptz not null,
  primary key (id, created_at)
) partition by range (created_at);
create index entry_list on ledger.entry (tenant_id, created_at desc, id desc);

create table ledger.posting (
  account_id uuid not null,
  seq bigint not null,
  id uuid not null,
  tenant_id uuid not null,
  entry_id uuid not null,
  transfer_id uuid,
  leg smallint not null,
  side text not null check (side in ('debit', 'credit')),
  currency text not null,
  amount bigint not null check (amount > 0),
  -- Positive where it raises the account's balance.
  signed bigint not null,
  balance_after bigint not null,
  effective_at timestamptz not null,
  created_at timestamptz not null,
  primary key (account_id, created_at, seq),
  check (abs(signed) = amount)
) partition by range (created_at);
create index posting_entry on ledger.posting (entry_id);

create table ledger.event (
  id uuid not null,
  tenant_id uuid not null,
  transfer_id uuid not null,
  version int not null,
  from_state text,
  cause text not null,
  to_state text not null,
  evidence jsonb not null default '{}',
  batch_id bigint not null,
  created_at timestamptz not null,
  primary key (transfer_id, version, created_at)
) partition by range (created_at);
create index event_list on ledger.event (tenant_id, batch_id, id);
