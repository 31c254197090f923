import {
  ActivityCancellationType,
  type ActivityInterfaceFor,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { RailName } from '../domain/rail.ts';
import { taskQueues } from './contract/names.ts';
import type { Steps } from './contract/steps.ts';
import type { Waits } from './contract/waits.ts';

/** How one activity is called: where it runs, how long, how often. */
export type ActivityRow = {
  /** `here`: inside the workflow's own task, as a local activity. `rail`: on the queue of the workflow's rail. */
  on: 'here' | 'groups' | 'rail' | 'upkeep' | 'delivery' | 'statements' | 'archive';
  /** The longest of one run. */
  runMs: (waits: Waits) => number;
  /** The longest of all runs together. Without it, and without `tries`, it is repeated until it works, and an alarm is needed. */
  allMs?: (waits: Waits) => number;
  /** How long each of its runs may wait for a worker. After that it has failed permanently; an earlier run of it may have worked. */
  queueMs?: (waits: Waits) => number;
  /** How often it is run at most. */
  tries?: number;
  /** Before its second run it waits this many times longer than other activities do. */
  patience?: number;
  /** It sends heartbeats, so that a dead worker is noticed before the timeout of the run. */
  hasHeartbeat?: true;
  /** It only runs when this one did not finish the work. */
  after?: string;
  /** Its summary in the timeline, for operators. */
  summary: string;
};

/** Every activity of every workflow, with what happens when it fails permanently. */
export const activityTable = {
  // The first commit. At most four seconds, so that a lost database never fills the worker's slots; `reserve` goes on.
  reserveAtOnce: {
    on: 'here',
    runMs: (waits) => waits.localReserveMaxMs,
    allMs: (waits) => waits.localReserveMaxMs,
    tries: 3,
    summary: 'reserve the funds',
  },
  // The same verb with long timeouts. When it gives up, the ids are too old to be accepted as new: nothing can move then.
  reserve: {
    on: 'groups',
    runMs: (waits) => waits.ledgerStepMs,
    allMs: (waits) => waits.reserveGiveUpMs,
    after: 'reserveAtOnce',
    summary: 'reserve the funds, the database was slow',
  },
  // When it gives up, the rows are due again for another group.
  release: {
    on: 'groups',
    runMs: (waits) => waits.ledgerStepMs,
    allMs: (waits) => waits.reserveGiveUpMs,
    summary: 'release what is due',
  },
  // From its third run it sends nothing. When it gives up, the sweep finds the rows overdue. Long waits, so that a failover
  // of the database, which takes seconds, does not use up its runs. When no worker of the rail takes it in time, the group puts
  // its members off and ends: what waits, waits as a row.
  submit: {
    on: 'rail',
    queueMs: (waits) => waits.submitQueueMs,
    runMs: (waits) => waits.submitMaxMs,
    tries: 6,
    patience: 10,
    hasHeartbeat: true,
    summary: 'send to the rail, write each answer',
  },
  // When it gives up, the sweep finds the rows overdue and puts them off.
  putOff: {
    on: 'groups',
    runMs: (waits) => waits.ledgerStepMs,
    tries: 10,
    summary: 'put off: no worker of the rail took them',
  },
  // When it gives up, the sweep finds the rows overdue and starts what this did not.
  startInquiries: {
    on: 'upkeep',
    // Up to 500 starts, some concurrently.
    runMs: (waits) => 12 * waits.ledgerStepMs,
    tries: 10,
    hasHeartbeat: true,
    summary: 'start an inquiry for each unknown outcome',
  },
  // A transfer's funds are held until there is proof, so this never gives up; the ledger raises attention.
  inquire: { on: 'rail', runMs: (waits) => waits.inquireMaxMs, summary: 'ask the rail for the outcome' },
  // The dispatcher never ends.
  takeDue: {
    on: 'groups',
    runMs: (waits) => waits.dispatchRunMs + waits.ledgerStepMs,
    hasHeartbeat: true,
    summary: 'look for due transfers, start a group for them',
  },
  // The next sweep is seconds away.
  repairOverdue: {
    on: 'upkeep',
    // Up to 500 rows in each state; inquiries are started for two of them.
    runMs: (waits) => 24 * waits.ledgerStepMs,
    tries: 3,
    hasHeartbeat: true,
    summary: 'repair what is overdue',
  },
  // The next day is early enough: partitions are made three months ahead.
  housekeep: {
    on: 'upkeep',
    runMs: (waits) => waits.housekeepMaxMs,
    tries: 5,
    hasHeartbeat: true,
    summary: 'make partitions, drop old deliveries',
  },
  // Notices stay due until they are settled, so this never gives up either.
  deliver: {
    on: 'delivery',
    runMs: (waits) => waits.deliverMaxMs,
    hasHeartbeat: true,
    summary: 'send the endpoint what is due',
  },
  // The next round is a minute away.
  openStatementRuns: {
    on: 'statements',
    // Up to some thousand starts, some concurrently.
    runMs: (waits) => 12 * waits.ledgerStepMs,
    tries: 3,
    hasHeartbeat: true,
    summary: 'look for statements that are due, start a run for each tenant',
  },
  // It resumes where its last run ended, so it never gives up: no statement of the month is made before all are cut.
  cutStatements: {
    on: 'statements',
    runMs: (waits) => waits.statementsMaxMs,
    hasHeartbeat: true,
    summary: 'freeze where each statement of the month ends',
  },
  // A statement that cannot be made is put off, or given to a person, by itself; what fails this step is the database.
  makeStatements: {
    on: 'statements',
    runMs: (waits) => waits.statementsMaxMs,
    hasHeartbeat: true,
    summary: 'write, render and store statements',
  },
  // The round starts the run of a month that is not closed again.
  closeStatements: {
    on: 'statements',
    runMs: (waits) => waits.statementsMaxMs,
    tries: 10,
    hasHeartbeat: true,
    summary: 'check every account once more, close the month',
  },
  // What is not archived waits as rows, and the segment that was begun is resumed, so it never gives up.
  archiveNext: {
    on: 'archive',
    runMs: (waits) => waits.archiveMaxMs,
    hasHeartbeat: true,
    summary: 'put what was committed into the archive, sign it',
  },
  // The next run is minutes away, and one copy a day is enough.
  copyCheckpoint: {
    on: 'archive',
    // One put, of up to four calls.
    runMs: (waits) => 12 * waits.ledgerStepMs,
    tries: 3,
    hasHeartbeat: true,
    summary: 'put the newest checkpoint into the second store, once a day',
  },
  // The next run goes on behind the last tenant that has it.
  publishCheckpoint: {
    on: 'archive',
    // Ten commits.
    runMs: (waits) => 12 * waits.ledgerStepMs,
    tries: 3,
    hasHeartbeat: true,
    summary: 'tell tenants the newest checkpoint, once a day',
  },
} as const satisfies Record<keyof Steps, ActivityRow>;

/** Every step as a function that a workflow calls, with `executeWithOptions` beside it. */
export type BoundSteps = ActivityInterfaceFor<Steps>;

/** The steps for a workflow's waits, and for its rail where a step runs on a rail. */
export function stepsFor(waits: Waits, rail: RailName = 'book'): BoundSteps {
  const bind = <Name extends keyof Steps>(name: Name): BoundSteps[Name] =>
    proxyFor(activityTable[name], waits, rail)[name];
  return {
    reserveAtOnce: bind('reserveAtOnce'),
    reserve: bind('reserve'),
    release: bind('release'),
    submit: bind('submit'),
    putOff: bind('putOff'),
    startInquiries: bind('startInquiries'),
    inquire: bind('inquire'),
    takeDue: bind('takeDue'),
    repairOverdue: bind('repairOverdue'),
    housekeep: bind('housekeep'),
    deliver: bind('deliver'),
    openStatementRuns: bind('openStatementRuns'),
    cutStatements: bind('cutStatements'),
    makeStatements: bind('makeStatements'),
    closeStatements: bind('closeStatements'),
    archiveNext: bind('archiveNext'),
    copyCheckpoint: bind('copyCheckpoint'),
    publishCheckpoint: bind('publishCheckpoint'),
  };
}

function proxyFor(row: ActivityRow, waits: Waits, rail: RailName): BoundSteps {
  const firstRetryMs = waits.retryFirstMs * (row.patience ?? 1);
  const options = {
    startToCloseTimeout: row.runMs(waits),
    // A cancelled workflow waits for what its step has done. The SDK's default forgets the step, which goes on by itself.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    ...(row.queueMs && { scheduleToStartTimeout: row.queueMs(waits) }),
    ...(row.allMs && { scheduleToCloseTimeout: row.allMs(waits) }),
    retry: {
      initialInterval: firstRetryMs,
      backoffCoefficient: 2,
      maximumInterval: Math.max(waits.retryMaxMs, firstRetryMs),
      ...(row.tries && { maximumAttempts: row.tries }),
    },
    summary: row.summary,
  };
  if (row.on === 'here') return proxyLocalActivities<Steps>(options);
  const taskQueue = row.on === 'rail' ? taskQueues.rail(rail) : taskQueues[row.on];
  const heartbeat = row.hasHeartbeat ? { heartbeatTimeout: waits.heartbeatMs } : {};
  return proxyActivities<Steps>({ ...options, ...heartbeat, taskQueue });
}
