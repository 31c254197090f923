/** The alarms of the archive, which are rows of the table of all alarms. */
export const archiveAlarms = {
  archive_late: {
    sentence: 'nobody has archived lately',
    cause:
      'No run of the archive has come to its end: no worker of role `archive`, a paused schedule, or a step `archiveNext` that fails or hangs. Nothing is lost: what was committed waits as rows.',
    remedy:
      'Is `workers_missing`, `schedule_paused` or `step_keeps_failing` raised too? Follow that, else docs/runbooks/archive-stands-still.md.',
    metric: 'quittance_run_age_seconds{work="archive"}',
    isLevel: true,
  },
  archive_behind: {
    sentence: 'what was committed is not in the archive',
    cause:
      'The oldest commit that no segment has is older than a quarter of an hour (`oldestMs`): the archive stands still, does not keep up, or a transaction that is open for long holds it back. What is changed before it is archived, nobody can prove.',
    remedy:
      'Is another alarm of the archive, or `feed_behind`, raised too? Follow that, else docs/runbooks/archive-stands-still.md.',
    metric: 'quittance_archive_oldest_seconds',
    isLevel: true,
  },
  archive_other_history: {
    sentence: 'the archive has another history than this database',
    cause:
      '`segment` cannot be put: `code` is `other_history` where other bytes stand under `key` (`store` is `copy` where that is the second store). The database was restored to an earlier time, or another platform, or somebody, writes there. Nothing was put over it, and nothing is archived behind it.',
    remedy:
      'Follow docs/runbooks/archive-stands-still.md. After a restore an operator begins another epoch: `npm run operator -- archive new-epoch --reason "…"`. Without one, find out who wrote there before anything else.',
    metric: 'quittance_archive_oldest_seconds',
    isLevel: true,
  },
  archive_horizon_behind: {
    sentence: 'this database counts its transactions from the beginning, behind those of its archive',
    cause:
      'The last segment ends behind the newest transaction of this database: it was restored from a dump, into another server. What it commits cannot be told from what is archived, so nothing is.',
    remedy:
      'Follow docs/runbooks/archive-stands-still.md: an operator begins another epoch, `npm run operator -- archive new-epoch --reason "…"`.',
    metric: 'quittance_alarms_total{what="archive_horizon_behind"}',
    isLevel: true,
  },
  archive_tools_missing: {
    sentence: 'nothing is archived: there is no object store, or no key',
    cause:
      'STORAGE_URL is not set for the worker of role `archive`, or neither ARCHIVE_KEY_PATH nor ARCHIVE_KMS_KEY. What was committed waits as rows.',
    remedy:
      'Set both and start the worker again (docs/how-to/rotate-the-archive-key.md has how a key is made). What waits is archived by itself.',
    metric: 'quittance_archive_oldest_seconds',
    isLevel: true,
  },
  archived_records_kept: {
    sentence: 'rows that are in the archive are not removed',
    cause:
      'Rows of reads and refused sign-ins whose segment was finished ten days ago (`keptMs`) are still in the database, where they are kept for a week: the daily housekeeping does not run, fails, or does not keep up. Nothing is lost or wrong: the database grows.',
    remedy:
      'Is `schedule_paused`, `workers_missing` (queue `upkeep`) or `step_keeps_failing` (`housekeep`) raised too? Follow that. Else trigger the schedule `housekeeping`: each run removes up to a thousand pages of 10,000 rows.',
    metric: 'quittance_archive_records_kept_seconds',
    isLevel: true,
  },
  archive_copy_late: {
    sentence: 'no checkpoint of the archive was put into the second store for 26 hours',
    cause:
      'The store of ARCHIVE_COPY_URL does not take it: `code` says why. The archive goes on. Until there is a copy, who may write to the first store and has our key could replace what was archived since.',
    remedy:
      'Its codes are those of docs/runbooks/object-store-is-away.md. When it takes objects again, the next run puts the newest checkpoint there.',
    metric: 'quittance_alarms_total{what="archive_copy_late"}',
    isLevel: true,
  },
  archive_publication_late: {
    sentence: 'no checkpoint of the archive was published to tenants for 26 hours',
    cause:
      'The step `publishCheckpoint` did not come to its end for so long (`unpublishedMs`), or no segment was finished since the last one. Until tenants have one, nobody outside could show that what was archived since was replaced.',
    remedy:
      'Is `archive_late`, `archive_behind` or `step_keeps_failing` raised too? Follow that, else docs/runbooks/archive-stands-still.md. The next run goes on by itself: no tenant is left out, and none is told twice.',
    metric: 'quittance_archive_unpublished_seconds',
    isLevel: true,
  },
} as const;
