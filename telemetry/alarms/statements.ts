/** The alarms of statements and of the object store, which are rows of the table of all alarms. */
export const statementAlarms = {
  statement_needs_attention: {
    sentence: 'a statement needs a person',
    cause:
      '`statement` was tried five times, or cannot be made as it is: `reason` says why. Each minute `attention` says how many there are. The others of their month go on; a month is not closed before all are ready.',
    remedy:
      '`npm run operator -- statements status` lists them with their reasons. Follow docs/runbooks/statements-stand-still.md, which has each reason.',
    metric: 'quittance_statements_attention',
    isLevel: true,
  },
  statements_late: {
    sentence: 'statements are late',
    cause:
      'A month is not closed six hours after it was opened (`monthMs`), or a statement that somebody asked for is not ready after a quarter of an hour (`requestMs`).',
    remedy:
      'Follow docs/runbooks/statements-stand-still.md: is a month paused, does a statement need a person, is the store away?',
    metric: 'quittance_statements_oldest_seconds',
    isLevel: true,
  },
  statement_runs_late: {
    sentence: 'nobody has looked for statements that are due',
    cause:
      'No month is opened and no run started: no worker of role `statements`, a paused schedule, or a step `openStatementRuns` that fails or hangs.',
    remedy:
      "Is `workers_missing` or `schedule_paused` raised too? Else open the schedule `statements` in Temporal's UI: its last runs show the failure. Nothing is lost: the next look finds all months that are over.",
    metric: 'quittance_run_age_seconds{work="statements"}',
    isLevel: true,
  },
  statement_zone_unknown: {
    sentence: 'the time zone of a tenant is not known to the database',
    cause:
      'The months of `tenant` have no end, so it gets no statements: an update of Postgres or its system removed the name.',
    remedy: 'Set another zone in its statement plan. All other tenants are served.',
    metric: 'quittance_alarms_total{what="statement_zone_unknown"}',
    isLevel: true,
  },
  storage_missing: {
    sentence: 'statements wait, and there is no object store',
    cause: 'STORAGE_URL is not set for the worker of role `statements`. Statements are cut in time, and wait as rows.',
    remedy: 'Set STORAGE_URL and start the worker again. What waits is made by itself.',
    metric: 'quittance_statements_waiting',
    isLevel: true,
  },
  storage_away: {
    sentence: 'the object store does not keep what it gets',
    cause:
      'Several puts in a row failed with `code`: it does not answer, is full, refuses our login, or does not lock objects as it should. Statements wait as rows.',
    remedy:
      'Follow docs/runbooks/object-store-is-away.md. `npm run operator -- storage check` shows what it does not do.',
    metric: 'quittance_statements_waiting',
    isLevel: true,
  },
} as const;
