import { type ActivityInterfaceFor, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { RailName } from '../../domain/rail.ts';
import { taskQueues, type Waits } from './messages.ts';

/** One step: where it runs, how long, how often. The step's name is the activity's name. */
export type Step = {
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
export const stepTable = {
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
} as const satisfies Record<keyof Activities, Step>;

export type StepName = keyof typeof stepTable;
const stepNames = Object.keys(stepTable).filter((name): name is StepName => name in stepTable);

/** Every step as a function that a workflow calls. */
export type Steps = ActivityInterfaceFor<Activities>;

/** The table for a workflow's waits, and for its rail where a step runs on a rail. A step is bound when it is called for. */
export function stepsFor(waits: Waits, rail: RailName = 'book'): Steps {
  const bound = stepNames.map((name): [StepName, PropertyDescriptor] => [
    name,
    { get: () => bind(name, stepTable[name], waits, rail) },
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name of Activities is a key of the table (its `satisfies`), and is bound to its own activity
  return Object.defineProperties({}, Object.fromEntries(bound)) as Steps;
}

function bind(name: StepName, step: Step, waits: Waits, rail: RailName): Steps[StepName] {
  const options = {
    startToCloseTimeout: step.runMs(waits),
    ...(step.queueMs && { scheduleToStartTimeout: step.queueMs(waits) }),
    ...(step.allMs && { scheduleToCloseTimeout: step.allMs(waits) }),
    retry: {
      initialInterval: waits.retryFirstMs * (step.patience ?? 1),
      backoffCoefficient: 2,
      maximumInterval: Math.max(waits.retryMostMs, waits.retryFirstMs * (step.patience ?? 1)),
      ...(step.tries && { maximumAttempts: step.tries }),
    },
    summary: step.summary,
  };
  if (step.on === 'here') return proxyLocalActivities<Activities>(options)[name];
  const taskQueue = step.on === 'rail' ? taskQueues.rail(rail) : taskQueues[step.on];
  const heartbeat = step.beats ? { heartbeatTimeout: waits.heartbeatMs } : {};
  return proxyActivities<Activities>({ ...options, ...heartbeat, taskQueue })[name];
}
