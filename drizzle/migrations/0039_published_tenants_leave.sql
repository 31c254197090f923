-- Locks: archive_publication for a moment, for two columns with constant defaults or none; it has a
-- row a day, which is read once for the constraint and once for the index.
-- squawk-ignore-file constraint-missing-not-valid, require-concurrent-index-creation
-- Who was told a checkpoint is kept for some days after all of them were:
-- ledger/archive/remove-publication-tenants.sql. The events stay, and so does the day.

-- `removed`: of how many of its tenants the row is gone. `cleared_at`: since when all are.
alter table ledger.archive_publication
  add column removed int not null default 0,
  add column cleared_at timestamptz;
alter table ledger.archive_publication add constraint removed_of_finished
  check (removed >= 0 and (finished_at is not null or (removed = 0 and cleared_at is null)));
create index archive_publication_kept on ledger.archive_publication (day)
  where cleared_at is null;
