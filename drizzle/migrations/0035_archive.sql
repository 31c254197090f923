-- Locks: audit is written again for its new column, and entry, event and audit are read once for an
-- index each (before the first release they are small); the other tables are new.
-- squawk-ignore-file require-concurrent-index-creation, adding-required-field
-- squawk-ignore-file adding-field-with-default
-- The archive: what was committed, in segments that nobody can change afterwards
-- (docs/adr/0051-an-archive-of-segments-by-commit-horizon.md).

-- By which transaction an act was written: the archive takes what is below its horizon. The older
-- ones get small numbers, a thousand of them each, so that no segment has all of them.
create sequence ledger.older_act;
alter table ledger.audit
  add column xid xid8 not null default (1 + nextval('ledger.older_act') / 1000)::text::xid8;
alter table ledger.audit alter column xid set default pg_current_xact_id();
drop sequence ledger.older_act;
create index audit_xid on ledger.audit (xid);
-- A segment is read by its batches. Both only grow at their end.
create index entry_batch on ledger.entry (batch_id);
create index event_batch on ledger.event (batch_id);

-- A line of segments that the store has whole. Another one begins when the database was restored to
-- an earlier time, and the store has segments that it does not know. `from_xid`: where it begins;
-- null: where the last segment ended. `abandoned`: what the store has of the epoch before it.
create table ledger.archive_epoch (
  epoch int primary key check (epoch between 1 and 99999999),
  from_xid xid8,
  abandoned jsonb,
  reason text not null check (length(reason) between 1 and 500),
  actor text not null,
  created_at timestamptz not null
);
insert into ledger.archive_epoch (epoch, reason, actor, created_at)
values (1, 'the first', 'migration', now());

-- A segment: what the transactions from from_xid up to to_xid (not included) committed. The range
-- is fixed by a commit before any work, so that every try makes the same bytes. The tree of its
-- epoch with its manifest: `tree_size` manifests, `tree_hashes` the roots of its whole subtrees,
-- the largest first, and `root` over all. `copied_at`: when its checkpoint was put into the second
-- store.
create table ledger.archive_segment (
  n bigint primary key check (n between 1 and 99999999),
  epoch int not null references ledger.archive_epoch,
  from_xid xid8 not null,
  to_xid xid8 not null check (to_xid >= from_xid),
  status text not null default 'begun' check (status in ('begun', 'finished')),
  begun_at timestamptz not null,
  finished_at timestamptz,
  records int check (records >= 0),
  manifest_sha256 bytea check (length(manifest_sha256) = 32),
  tree_size bigint check (tree_size > 0),
  tree_hashes bytea[] check (cardinality(tree_hashes) between 1 and 64),
  root bytea check (length(root) = 32),
  checkpoint text check (length(checkpoint) between 1 and 10000),
  copied_at timestamptz,
  constraint finished_is_whole check (
    num_nonnulls(
      finished_at, records, manifest_sha256, tree_size, tree_hashes, root, checkpoint)
      = case status when 'finished' then 7 else 0 end),
  constraint copied_when_finished check (copied_at is null or status = 'finished')
);
create unique index archive_segment_begun on ledger.archive_segment (status)
  where status = 'begun';
create index archive_segment_copied on ledger.archive_segment (copied_at desc)
  where copied_at is not null;

-- What the store has of a segment. One without records has neither a segment nor slices.
create table ledger.archive_object (
  n bigint not null references ledger.archive_segment,
  format text not null check (format in ('segment', 'slices', 'manifest', 'checkpoint')),
  key text not null check (length(key) between 1 and 300),
  version_id text not null check (length(version_id) between 1 and 1024),
  sha256 bytea not null check (length(sha256) = 32),
  bytes int not null check (bytes > 0),
  primary key (n, format)
);

-- The last slice of each tenant, which its next one names, so that a gap shows without the slices
-- of others. `records`: in all its slices. The zero id has what belongs to no tenant.
create table ledger.archive_tenant (
  tenant_id uuid primary key,
  n bigint not null references ledger.archive_segment,
  sha256 bytea not null check (length(sha256) = 32),
  records bigint not null check (records > 0)
);

-- What commitments to personal data are made with: an account's, or the zero id's or a tenant's for
-- what is about no account. Who destroys it leaves commitments that say nothing.
create table ledger.archive_salt (
  subject_id uuid primary key,
  tenant_id uuid not null,
  salt bytea not null check (length(salt) = 32),
  created_at timestamptz not null
);

-- Who read which account, balance or statement in a minute, and how often. `subject_id` null: a
-- list of them, or more subjects than are counted apart.
create table ledger.archive_access (
  id uuid primary key,
  tenant_id uuid not null,
  minute timestamptz not null,
  actor text not null check (length(actor) between 1 and 200),
  subject_type text not null check (subject_type in ('account', 'balance', 'statement')),
  subject_id uuid,
  count int not null check (count > 0),
  xid xid8 not null default pg_current_xact_id()
);
create index archive_access_xid on ledger.archive_access (xid);

-- Sign-ins that were refused in ten seconds, by cause and source.
create table ledger.archive_refused_sign_in (
  id uuid primary key,
  tenant_id uuid,
  window_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 100),
  last4 text check (length(last4) between 1 and 4),
  source_hash bytea check (length(source_hash) = 32),
  count int not null check (count > 0),
  first_at timestamptz not null,
  last_at timestamptz not null check (last_at >= first_at),
  xid xid8 not null default pg_current_xact_id()
);
create index archive_refused_sign_in_xid on ledger.archive_refused_sign_in (xid);

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'archive_epoch', 'archive_segment', 'archive_object', 'archive_tenant', 'archive_salt',
    'archive_access', 'archive_refused_sign_in'
  ] loop
    execute format('alter table ledger.%I owner to quittance_owner', v_table);
    execute format('alter table ledger.%I enable row level security', v_table);
    -- Salts are read by the verb alone.
    if v_table <> 'archive_salt' then
      execute format('create policy all_tenants on ledger.%I for select '
        'to quittance_worker, quittance_reader using (true)', v_table);
      execute format('grant select on ledger.%I to quittance_worker, quittance_reader', v_table);
    end if;
  end loop;
end $$;
