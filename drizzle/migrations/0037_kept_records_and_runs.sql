-- Locks: archive_segment, statement, statement_month and former_account_name for a moment, for
-- columns with constant defaults or none; archive_segment and event are read once for a constraint
-- each, statement_month for an index (before the first release they are small); the other table is
-- new.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation
-- Rows of reads and of refused sign-ins are kept for some days after they are in the archive, and
-- removed then: ledger/archive/remove-records.sql.

-- How many of its records have no row, because it was removed.
alter table ledger.archive_segment add column removed int not null default 0;
alter table ledger.archive_segment add constraint removed_of_its_records
  check (removed between 0 and coalesce(records, 0));

-- Up to which segment those rows are removed. `n`: the last one whose rows may be missing;
-- `done_n`: the last one of which none is left. Both only grow.
create table ledger.archive_removal (
  one boolean primary key default true check (one),
  n bigint not null default 0 check (n >= 0),
  done_n bigint not null default 0 check (done_n >= 0),
  constraint done_within check (done_n <= n)
);
insert into ledger.archive_removal default values;
alter table ledger.archive_removal owner to quittance_owner;
alter table ledger.archive_removal enable row level security;
create policy all_tenants on ledger.archive_removal for select
  to quittance_worker, quittance_reader using (true);
grant select on ledger.archive_removal to quittance_worker, quittance_reader;

-- A statement names others as they were called when it was cut. Whether a name was changed before
-- or after that is told by transactions, not by clocks: a change that was not committed yet, when
-- the statement was cut, came after it. `cut_snapshot`: what was; null: cut before this was kept.
-- `xid`: which transaction changed the name.
alter table ledger.statement add column cut_snapshot pg_snapshot;
alter table ledger.former_account_name add column xid xid8 not null default '0';
alter table ledger.former_account_name alter column xid set default pg_current_xact_id();

-- The event of a month that is closed is about its run, which has an id for it. Null: it was closed
-- before there were any, and nobody was told.
alter table ledger.statement_month add column id uuid;
update ledger.statement_month set id = gen_random_uuid() where status <> 'closed';
create unique index statement_month_id on ledger.statement_month (id);
alter table ledger.event drop constraint event_subject_type_check;
alter table ledger.event add constraint event_subject_type_check check (subject_type in (
  'transfer', 'account', 'hold', 'entry', 'api_key', 'webhook_endpoint', 'statement',
  'checkpoint', 'statement_run'));

-- What was put off, by its month and by its tenant: a person who tries it again finds it without
-- what waits for its first try.
create index statement_put_off on ledger.statement (tenant_id, month, due_at, id)
  where status = 'cut' and lease is null and tries > 0 and kind = 'monthly';
create index statement_put_off_beside on ledger.statement (tenant_id, due_at, id)
  where status = 'cut' and lease is null and tries > 0 and (kind <> 'monthly' or edition > 1);

-- How many became ready in the minute in which a stripe last counted, and in the one before: how
-- fast a run is, without a look at its statements.
alter table ledger.statement_tally
  add column minute timestamptz,
  add column in_minute int not null default 0,
  add column in_minute_before int not null default 0;
