import { type ActivityInterfaceFor, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { RailName } from '../domain/rail.ts';
import { taskQueues } from './contract/names.ts';
import type { Steps } from './contract/steps.ts';
import type { Waits } from './contract/waits.ts';

/** One step: where it runs, how long, how often. The step's name is the activity's name. */
export type ActivityRow = {
  /** `here`: inside the workflow's own task, as a local activity. `rail`: on the queue of the workflow's rail. */
  on: 'here' | 'groups' | 'rail' | 'follow' | 'delivery';
  /** The longest of one run. */
  runMs: (waits: Waits) => number;
  /** The longest of all runs together. Without it, and without `tries`, it is run until it works: an alarm must call a person. */
  allMs?: (waits: Waits) => number;
  /** How long it may wait for a worker. Then it has failed for good, and nothing of it was run. */
  queueMs?: (waits: Waits) => number;
  /** How often it is run at most. */
  tries?: number;
  /** Before its second run it waits this many times longer than other steps do. */
  patience?: number;
  /** It tells the server that it lives, so that a dead worker is noticed before the run would be over. */
  beats?: true;
  /** It only runs when this one did not do the whole work. */
  after?: string;
  /** What an operator reads beside it in the timeline. */
  summary: string;
};

/** Every step of every workflow. What follows from a step that failed for good stands beside it. */
export const activityTable = {
  // The first commit. At most four seconds, so that a lost database never fills the worker's slots; `reserve` goes on.
  reserveAtOnce: {
    on: 'here',
    runMs: (waits) => waits.localReserveMostMs,
    allMs: (waits) => waits.localReserveMostMs,
    tries: 3,
    summary: 'reserve the funds',
  },
  // The same verb, patiently. When it gives up, the ids are too old to be taken as new: nothing moves any more.
  reserve: {
    on: 'groups',
    runMs: (waits) => waits.ledgerStepMs,
    allMs: (waits) => waits.reserveGiveUpMs,
    after: 'reserveAtOnce',
    summary: 'reserve the funds, the database was slow',
  },
  // When it gives up, the rows fall due again for another group.
  due: {
    on: 'groups',
    runMs: (waits) => waits.ledgerStepMs,
    allMs: (waits) => waits.reserveGiveUpMs,
    summary: 'take up what is due',
  },
  // From its third run it sends nothing. When it gives up, the watch finds the rows overdue. Patient, so that a failover of
  // the database, which takes seconds, does not use its runs up. When no worker of the rail takes it in time, the group puts
  // its members off and ends: what waits, waits as a row.
  submit: {
    on: 'rail',
    queueMs: (waits) => waits.submitQueueMs,
    runMs: (waits) => waits.submitMostMs,
    tries: 6,
    patience: 10,
    beats: true,
    summary: 'send to the rail, write each answer',
  },
  // When it gives up, the watch finds the rows overdue and starts what this did not.
  follow: {
    on: 'follow',
    // Up to 500 starts, some at a time.
    runMs: (waits) => 12 * waits.ledgerStepMs,
    tries: 10,
    beats: true,
    summary: 'start a workflow for each unknown outcome',
  },
  // A transfer's funds are held until there is proof, so this never gives up; the ledger raises attention.
  inquire: { on: 'rail', runMs: (waits) => waits.inquireMostMs, summary: 'ask the rail what became of it' },
  // The drain lives for ever.
  takeDue: {
    on: 'groups',
    runMs: (waits) => waits.drainRunMs + waits.ledgerStepMs,
    beats: true,
    summary: 'look for due transfers, start a group for them',
  },
  // The next watch is seconds away.
  repairOverdue: {
    on: 'follow',
    // Up to 500 rows in each state; two of them to be followed.
    runMs: (waits) => 24 * waits.ledgerStepMs,
    tries: 3,
    beats: true,
    summary: 'take up what is overdue',
  },
  // The next day is early enough: partitions are made three months ahead.
  housekeep: {
    on: 'follow',
    runMs: (waits) => waits.housekeepMostMs,
    tries: 5,
    beats: true,
    summary: 'make partitions, forget old deliveries',
  },
  // Notices stay due until they are settled, so this never gives up either.
  deliver: {
    on: 'delivery',
    runMs: (waits) => waits.deliverMostMs,
    beats: true,
    summary: 'tell the endpoint what is due',
  },
} as const satisfies Record<keyof Steps, ActivityRow>;

export type StepName = keyof Steps;

/** Every step as a function that a workflow calls, with `executeWithOptions` beside it. */
export type BoundSteps = ActivityInterfaceFor<Steps>;

/** The steps for a workflow's waits, and for its rail where a step runs on a rail. */
export function stepsFor(waits: Waits, rail: RailName = 'book'): BoundSteps {
  const bind = <Name extends StepName>(name: Name): BoundSteps[Name] =>
    proxyFor(activityTable[name], waits, rail)[name];
  return {
    reserveAtOnce: bind('reserveAtOnce'),
    reserve: bind('reserve'),
    due: bind('due'),
    submit: bind('submit'),
    follow: bind('follow'),
    inquire: bind('inquire'),
    takeDue: bind('takeDue'),
    repairOverdue: bind('repairOverdue'),
    housekeep: bind('housekeep'),
    deliver: bind('deliver'),
  };
}

function proxyFor(row: ActivityRow, waits: Waits, rail: RailName): BoundSteps {
  const firstRetryMs = waits.retryFirstMs * (row.patience ?? 1);
  const options = {
    startToCloseTimeout: row.runMs(waits),
    ...(row.queueMs && { scheduleToStartTimeout: row.queueMs(waits) }),
    ...(row.allMs && { scheduleToCloseTimeout: row.allMs(waits) }),
    retry: {
      initialInterval: firstRetryMs,
      backoffCoefficient: 2,
      maximumInterval: Math.max(waits.retryMostMs, firstRetryMs),
      ...(row.tries && { maximumAttempts: row.tries }),
    },
    summary: row.summary,
  };
  if (row.on === 'here') return proxyLocalActivities<Steps>(options);
  const taskQueue = row.on === 'rail' ? taskQueues.rail(rail) : taskQueues[row.on];
  const heartbeat = row.beats ? { heartbeatTimeout: waits.heartbeatMs } : {};
  return proxyActivities<Steps>({ ...options, ...heartbeat, taskQueue });
}
