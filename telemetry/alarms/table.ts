import { accessLogAlarms } from './access-log.ts';
import { archiveAlarms } from './archive.ts';
import { payloadAlarms } from './payloads.ts';
import { statementAlarms } from './statements.ts';
import { versionAlarms } from './versions.ts';

/**
 * One alarm: something that a person must look at. `sentence` is its line in the log, after the word ALARM. `isLevel`: it describes a state that
 * lasts, and is written again each minute until the state ends; any other is written once for each time that it happens.
 */
export type AlarmRow = { sentence: string; cause: string; remedy: string; metric: string; isLevel?: true };

/** The metric that counts every alarm by its name. */
export const alarmsMetric = 'quittance_alarms_total';

/**
 * Every alarm of every program, by the name that stands in `alarm` of its log line and in `what` of {@link alarmsMetric}.
 * docs/alarms.md is made from it. `metric`: where the state itself is measured, besides that counter.
 */
export const alarmTable = {
  uncaught_error: {
    sentence: 'uncaught error; the program ends',
    cause: 'A bug, or a fault that nothing catches. The supervisor starts the program again.',
    remedy: 'Read the stack in the line. If it repeats, go back to the last release.',
    metric: 'up (of Prometheus)',
  },
  request_broke_a_check: {
    sentence: 'a check failed while a request was answered',
    cause: 'A check in the code or in the database refused what the API asked for. The line has the id of the request.',
    remedy:
      'It is a bug: report it with the line. `internal_error` wrote nothing; after `outcome_unknown` the key finds the outcome.',
    metric: 'quittance_http_request_seconds_count{status="500"}',
  },
  answer_of_another_request: {
    sentence: 'an answer does not match its request',
    cause:
      'The ledger answered a request of the API with the outcome of another one. Its client got `outcome_unknown`.',
    remedy: 'It is a bug: report it with the line, and run `npm run verify`.',
    metric: 'quittance_http_request_seconds_count{status="503"}',
  },
  step_broke_a_check: {
    sentence: 'a step broke a check',
    cause:
      'A check in the code or in the database refused what a step wanted to write. Its transfers stop where they are.',
    remedy: 'It is a bug: report it with the line. The step runs again each ten minutes, so it continues after a fix.',
    metric: 'quittance_failures_total',
  },
  step_keeps_failing: {
    sentence: 'a step fails again and again',
    cause:
      'The step `step` failed six times in a row, or as often as it may: the database or Temporal does not answer, a statement outgrew its timeout, a worker dies in it, or a bug.',
    remedy:
      'Read `err` and `kind` of its metric. `57014` is a statement that takes longer than it may: find it in the log of Postgres. What the step carries waits and goes on by itself after a fix.',
    metric: 'quittance_failures_total',
    isLevel: true,
  },
  workflow_task_fails: {
    sentence: 'tasks of workflows fail again and again',
    cause:
      '`NonDeterminismError`: an open workflow does not replay on this release. Another `reason`: workflow code throws, or a message is too large.',
    remedy:
      "Go back to the last release, at once: what is open goes on there. Then follow docs/how-to/change-a-workflow.md. The workflows: filter by Task Failures in Temporal's UI.",
    metric: 'temporal_workflow_task_execution_failed_total',
    isLevel: true,
  },
  schedule_paused: {
    sentence: 'a schedule is paused',
    cause: 'A person paused the schedule `schedule` in Temporal; `note` may say why. What it starts does not run.',
    remedy: "Resume it in Temporal's UI, under Schedules.",
    metric: 'quittance_run_age_seconds{work="sweep"}',
    isLevel: true,
  },
  search_attributes_missing: {
    sentence: 'Temporal does not know our search attributes and refuses to register them',
    cause: 'This login may not register them, as on Temporal Cloud or behind an authorizer, and nobody else has.',
    remedy:
      'Register TransferStatus, Rail and TenantId (Keyword) and NeedsAttention (Bool) in the namespace as its administrator. Until then inquiries run without them and cannot be searched for.',
    metric: 'quittance_alarms_total{what="search_attributes_missing"}',
    isLevel: true,
  },
  no_worker_for_rail: {
    sentence: 'no worker of a rail took a group in time',
    cause:
      'A group waited for a worker of `rail` and put its members off. Nothing of them was sent; they wait as rows, longer each time.',
    remedy: 'Start a worker of the role `rail:<name>`. What waits is sent by itself.',
    metric: 'quittance_worker_seen_age_seconds',
    isLevel: true,
  },
  reserve_refused: {
    sentence: 'a transfer could not be reserved, and a retry will not help',
    cause:
      'A check in the code or in the database refused one member of a group. `wroteNothing` says whether its client got `internal_error`.',
    remedy: 'It is a bug: report it with the line. The other members of the group continued.',
    metric: 'quittance_intake_outcomes_total{outcome="internal_error"}',
  },
  rail_unknown: {
    sentence: 'transfers come for a network that no worker has registered',
    cause:
      'The API is of a newer release than every worker of this database. Clients get `not_attempted` and repeat their requests.',
    remedy: 'Start the workers of that release, or go back to the last release of the API.',
    metric: 'quittance_intake_outcomes_total{outcome="rail_unknown"}',
    isLevel: true,
  },
  release_refused: {
    sentence: 'a transfer that is due cannot be released',
    cause:
      'The database refuses the step of one due transfer. Its funds stay held, and the others of its group continued.',
    remedy: 'It is a bug: report it with the line. The row falls due again by itself.',
    metric: 'quittance_transfers_oldest_overdue_seconds',
  },
  submit_refused: {
    sentence: 'the ledger refuses a step of this transfer',
    cause: 'The database refuses to grant or to conclude a send of one transfer. The others of its group continued.',
    remedy: 'It is a bug: report it with the line. Do not send the transfer by hand: the bank may have it.',
    metric: 'quittance_transfers_oldest_overdue_seconds',
  },
  member_missing: {
    sentence: 'a transfer of this group has no row or no attempt',
    cause: 'A group has to send a transfer that the ledger does not have, as after a restore of an older backup.',
    remedy:
      'Was the database restored? Then pause the rails before anything else is sent, and follow docs/runbooks/restore.md.',
    metric: 'quittance_failures_total',
  },
  transfer_needs_attention: {
    sentence: 'a transfer needs attention',
    cause: 'The ledger marked a transfer in this commit. `reason` says why.',
    remedy: 'Follow docs/runbooks/transfer-is-unknown.md.',
    metric: 'quittance_transfers_attention',
  },
  attention_waits: {
    sentence: 'transfers with attention wait for a person',
    cause: '`count` transfers are marked with `reason`, and nobody has acknowledged that. `oldest` is one of them.',
    remedy:
      'Follow docs/runbooks/transfer-is-unknown.md. `npm run operator -- transfer acknowledge <tr_…> "why"` ends the alarm for one transfer; the mark stays until its cause has ended.',
    metric: 'quittance_transfers_attention',
    isLevel: true,
  },
  banks_down: {
    sentence: 'banks of a rail are down',
    cause:
      '`down` banks of `rail` do not answer, `oldest` of them for five minutes or longer. Their transfers wait, with the funds held; all others go on.',
    remedy:
      'Usually nothing: one transfer at a time tries each of them, and the first good answer lets all go. Ask the bank, and tell the customers who wait: docs/runbooks/rail-is-down.md.',
    metric: 'quittance_banks_down',
    isLevel: true,
  },
  transfers_overdue: {
    sentence: 'open transfers are overdue, and nothing moves them',
    cause:
      'For five minutes the oldest send of a rail has no outcome in the ledger, or the oldest unknown one was not asked about, although the sweep runs.',
    remedy:
      "Is `workers_missing` or `step_keeps_failing` raised too? Else open `inquiry/<tr_…>` in Temporal's UI: its pending activity shows what it waits for.",
    metric: 'quittance_transfers_oldest_overdue_seconds',
    isLevel: true,
  },
  dispatcher_takes_none: {
    sentence: 'transfers of a rail are overdue, and its dispatcher takes none',
    cause: 'The rail is open, rows are due, and nothing was taken for a while: the step `takeDue` fails or hangs.',
    remedy:
      "Open `dispatch/<rail>` in Temporal's UI: its pending activity shows the last failure. Terminate it if it hangs; the sweep starts it again.",
    metric: 'quittance_transfers_oldest_overdue_seconds',
    isLevel: true,
  },
  sweep_cannot_repair: {
    sentence: 'the sweep could not repair this',
    cause: 'One overdue transfer, or one kind of them, could not be repaired. The rest of the sweep continued.',
    remedy:
      'Read the error in the line. A refusal by the database is a bug; anything else is tried again seconds later.',
    metric: 'quittance_transfers_oldest_overdue_seconds',
  },
  workers_missing: {
    sentence: 'no worker serves a task queue',
    cause:
      'No process has said for half a minute that it serves `queue`: the role is not running, hangs, or cannot reach the database.',
    remedy:
      'Start a worker of that role (`WORKER_ROLES`), or restart the one that hangs. What waits, waits as rows and goes on by itself.',
    metric: 'quittance_worker_seen_age_seconds',
    isLevel: true,
  },
  sweep_late: {
    sentence: 'the sweep has not finished lately',
    cause:
      'Nobody looks for overdue rows: no worker of role `upkeep`, a paused schedule, or a step `repairOverdue` that fails or hangs.',
    remedy:
      "Is `workers_missing` or `schedule_paused` raised too? Else open the schedule `sweep` in Temporal's UI: its last runs show the failure.",
    metric: 'quittance_run_age_seconds{work="sweep"}',
    isLevel: true,
  },
  hold_expiry_late: {
    sentence: 'the expiry of holds has not looked lately',
    cause:
      'Nobody expires the holds of clients: the sweep, which does it, is late, or this part of it fails (`sweep_cannot_repair` with `what` = `holds`).',
    remedy:
      'Is `sweep_late` raised too? Follow that. Else read `err` of `sweep_cannot_repair`. Until then funds stay held for longer; captures after the time are refused all the same.',
    metric: 'quittance_run_age_seconds{work="hold_expiry"}',
    isLevel: true,
  },
  holds_overdue: {
    sentence: 'holds that should have expired are still open',
    cause:
      'The expiry looks and does not keep up, its accounts are locked, or it has not looked steadily for five minutes on clocks that agree.',
    remedy:
      'Is `clocks_differ` raised too? Repair the clock. Else look for sessions that keep accounts locked. It goes on by itself, ten thousand holds a look.',
    metric: 'quittance_holds_overdue_seconds',
    isLevel: true,
  },
  dispatcher_late: {
    sentence: 'a dispatcher has not looked lately',
    cause: 'Nobody looks for due rows of a rail: no worker of role `groups`, or a step `takeDue` that fails or hangs.',
    remedy:
      "Open `dispatch/<rail>` in Temporal's UI: its pending activity shows the last failure. Terminate it if it hangs; the sweep starts it again.",
    metric: 'quittance_run_age_seconds{work=~"dispatch/.*"}',
    isLevel: true,
  },
  probe_late: {
    sentence: 'the probe of a closed rail is late',
    cause:
      'The breaker of a rail is open, the time of its probe passed a minute ago, and nothing was sent although transfers wait.',
    remedy:
      'Only a probe can close the breaker, so look at once: is `dispatcher_late` or `workers_missing` raised too? See docs/runbooks/rail-is-down.md.',
    metric: 'quittance_rail_probe_late_seconds',
    isLevel: true,
  },
  clocks_differ: {
    sentence: 'the clock of this machine and that of the database differ',
    cause:
      'By more than 15 s. From 60 s ahead or five minutes behind, the ledger refuses every new transfer of this process.',
    remedy:
      'Correct the clock of the machine that is wrong (`databaseIsAheadMs` has the difference and its sign): its time service has stopped.',
    metric: 'quittance_clock_difference_seconds',
    isLevel: true,
  },
  database_read_only: {
    sentence: 'the database takes no writes',
    cause: 'DATABASE_URL leads to a standby, or the database was set to read-only, as some do when their disk is full.',
    remedy:
      'After a failover: does the address lead to the new primary? Else free disk space, then set it writable again.',
    metric: 'quittance_database_read_only',
    isLevel: true,
  },
  standby_unusable: {
    sentence: 'the standby for readers is behind or away',
    cause:
      'For half a minute `state` is `behind` (it lacks what the primary had longer ago than the bound) or `away` (it does not answer, or is no standby).',
    remedy:
      'Nothing is wrong for clients: the primary answers their reads, and has the load. Look at its replay, its connection and its disk.',
    metric: 'quittance_standby_usable',
    isLevel: true,
  },
  database_away: {
    sentence: 'the database does not answer',
    cause: 'For half a minute no connection, or no answer.',
    remedy: 'Follow docs/runbooks/postgres-is-down.md.',
    metric: 'quittance_database_errors_total',
    isLevel: true,
  },
  temporal_away: {
    sentence: 'Temporal does not answer',
    cause: "For half a minute Temporal's front end, or its own database, did not answer, or it has no such namespace.",
    remedy:
      'Start it, or correct TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. Nothing is lost: open transfers are rows, and go on by themselves.',
    metric: 'quittance_temporal_up',
    isLevel: true,
  },
  ...statementAlarms,
  ...archiveAlarms,
  ...payloadAlarms,
  ...accessLogAlarms,
  ...versionAlarms,
  partitions_missing: {
    sentence: 'partitions are missing',
    cause:
      'Entries, postings or events have no partition for a coming month. Without one every commit of that month fails.',
    remedy: '`npm run migrate` makes them. Then follow docs/runbooks/partition-is-missing.md.',
    metric: 'quittance_partitions_months_ahead',
    isLevel: true,
  },
  feed_behind: {
    sentence: 'the feed of events stands still',
    cause:
      'A transaction of this database server, of any program and any of its databases, has been open for long. Until it ends, `GET /v1/events` shows nothing that was committed after it began. Notices go on.',
    remedy:
      'Find it: `select pid, usename, datname, xact_start, query from pg_stat_activity where backend_xid is not null order by xact_start`, and `select * from pg_prepared_xacts`. End it with `pg_terminate_backend(pid)`, or `rollback prepared`.',
    metric: 'quittance_feed_behind_seconds',
    isLevel: true,
  },
} as const satisfies Record<string, AlarmRow>;

export type AlarmName = keyof typeof alarmTable;
