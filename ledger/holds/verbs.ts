import type pg from 'pg';
import { createFairSemaphore } from '../../concurrency/fair-semaphore.ts';
import { Overload } from '../../concurrency/overload.ts';
import { createBatcher } from '../batcher.ts';
import type { OnCommit } from '../commit-effects.ts';
import { blockedHolds, type HoldNeeds } from '../locks/blocked-holds.ts';
import { createLockHolders } from '../locks/holders.ts';
import { type HoldAct, type HoldOutcome, toActRow } from './act.ts';
import { type Capture, captureHolds, type NewCapture } from './capture.ts';
import { createHolds, type NewHold, type NewHoldOutcome, toHoldRow } from './create.ts';
import { type NewRelease, releaseHolds } from './release.ts';

/** The verbs of one process for holds, batched. They throw an {@link Overload} before anything was sent, when too many wait already. */
export type HoldVerbs = {
  create(hold: NewHold): Promise<NewHoldOutcome>;
  capture(capture: NewCapture): Promise<HoldOutcome<Capture>>;
  release(release: NewRelease): Promise<HoldOutcome<null>>;
  /** Waits until nothing is on its way to the database. */
  idle(): Promise<void>;
};

const verbLimits = {
  /** Concurrent calls of each verb: the pool of the API has eight connections for everything. */
  lanes: 1,
  /** Commands of one call. */
  batchMax: 100,
  /** Commands that wait for a lane or are on their way. One tenant's are at most three quarters of them. */
  runningMax: 300,
  /** Commands that wait for one of those; the next is refused. One tenant's are at most three quarters of them. */
  waitingMax: 2_000,
};

/** No command is given up while it waits: its request has a time limit of its own. */
const never = new AbortController().signal;

/** Binds the verbs to a pool that logs in as quittance_api. Tenants are served in turn, and none takes all places from the others. */
export function createHoldVerbs(pool: pg.Pool, onCommit: OnCommit, limits = verbLimits): HoldVerbs {
  const holders = createLockHolders();
  const { lanes, batchMax } = limits;
  const batchers = {
    create: createBatcher<NewHold, NewHoldOutcome>({
      send: (holds) => createHolds(pool, holds, onCommit),
      keyOf: ({ tenantId, idempotencyKey }) => `${tenantId} ${idempotencyKey.key}`,
      locks: locksOf((hold) => toHoldRow(hold)),
      limits: { lanes, batchMax },
    }),
    capture: createBatcher<NewCapture, HoldOutcome<Capture>>({
      send: (captures) => captureHolds(pool, captures, onCommit),
      keyOf: ({ holdId }) => holdId,
      locks: locksOf((capture) => toActRow(capture)),
      limits: { lanes, batchMax },
    }),
    release: createBatcher<NewRelease, HoldOutcome<null>>({
      send: (releases) => releaseHolds(pool, releases, onCommit),
      keyOf: ({ holdId }) => holdId,
      locks: locksOf((release) => toActRow(release)),
      limits: { lanes, batchMax },
    }),
  };
  const permits = createFairSemaphore(limits.runningMax, limits.waitingMax);

  function locksOf<C extends NewHold | HoldAct>(toNeeds: (command: C) => HoldNeeds) {
    return {
      holders,
      idOf: ({ id }: C) => id,
      blocked: (commands: C[]) => blockedHolds(pool, commands.map(toNeeds)),
    };
  }

  async function inTurn<R>({ id, tenantId }: Pick<NewHold, 'id' | 'tenantId'>, run: () => Promise<R>): Promise<R> {
    // A part of its own, so that it is limited by its tenant alone.
    const owner = { tenantId, part: id };
    if (!(await permits.acquire(owner, never))) throw new Overload('too many holds wait for the ledger already');
    try {
      return await run();
    } finally {
      permits.release(owner);
    }
  }

  return {
    create: (hold) => inTurn(hold, () => batchers.create.push(hold)),
    capture: (capture) => inTurn(capture, () => batchers.capture.push(capture)),
    release: (release) => inTurn(release, () => batchers.release.push(release)),
    idle: async () => void (await Promise.all(Object.values(batchers).map((batcher) => batcher.idle()))),
  };
}
