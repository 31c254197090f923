import { type ActivityInterfaceFor, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { RailName } from '../domain/rail.ts';
import { taskQueues, type Waits } from './messages.ts';

/** One step: where it runs, how long, how often. The step's name is the activity's name. */
export type Step = {
  /** `here`: inside the workflow's own task, as a local activity. `rail`: on the queue of the workflow's rail. */
  on: 'here' | 'groups' | 'rail' | 'follow' | 'delivery';
  /** The longest of one run. */
  runMs: (waits: Waits) => number;
  /** The longest of all runs together. Without it, and without `tries`, it is run until it works: an alarm must call a person. */
  allMs?: (waits: Waits) => number;
  /** How often it is run at most. */
  tries?: number;
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
  // From its third run it sends nothing. When it gives up, the watch finds the rows overdue.
  submit: {
    on: 'rail',
    runMs: (waits) => waits.submitMostMs,
    tries: 6,
    beats: true,
    summary: 'send to the rail, write each answer',
  },
  // When it gives up, the watch finds the rows overdue and starts what this did not.
  follow: {
    on: 'follow',
    runMs: (waits) => waits.ledgerStepMs,
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
    runMs: (waits) => 3 * waits.ledgerStepMs,
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

/** Binds the table to a workflow's waits, and to its rail where a step runs on a rail. */
export function stepsFor(waits: Waits, rail: RailName = 'book'): Steps {
  const bound = stepNames.map((name) => [name, bind(name, stepTable[name], waits, rail)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name of Activities is a key of the table (its `satisfies`), and is bound to its own activity
  return Object.fromEntries(bound) as Steps;
}

function bind(name: StepName, step: Step, waits: Waits, rail: RailName): Steps[StepName] {
  const options = {
    startToCloseTimeout: step.runMs(waits),
    ...(step.allMs && { scheduleToCloseTimeout: step.allMs(waits) }),
    retry: {
      initialInterval: waits.retryFirstMs,
      backoffCoefficient: 2,
      maximumInterval: waits.retryMostMs,
      ...(step.tries && { maximumAttempts: step.tries }),
    },
    summary: step.summary,
  };
  if (step.on === 'here') return proxyLocalActivities<Activities>(options)[name];
  const taskQueue = step.on === 'rail' ? taskQueues.rail(rail) : taskQueues[step.on];
  const heartbeat = step.beats ? { heartbeatTimeout: waits.heartbeatMs } : {};
  return proxyActivities<Activities>({ ...options, ...heartbeat, taskQueue })[name];
}
