import type pg from 'pg';
import { createFairSemaphore } from '../../concurrency/fair-semaphore.ts';
import { Overload } from '../../concurrency/overload.ts';
import { createBatcher } from '../batcher.ts';
import type { OnCommit } from '../commit-effects.ts';
import { blockedEntries } from '../locks/blocked-entries.ts';
import { createLockHolders } from '../locks/holders.ts';
import { type EntryCommand, type EntryOutcome, postEntries } from './post-entries.ts';

/** Where one process posts entries, batched. */
export type EntryPoster = {
  /** Throws an {@link Overload} before anything was sent, when too many wait already. */
  post(command: EntryCommand): Promise<EntryOutcome>;
  /** Waits until nothing is on its way to the database. */
  idle(): Promise<void>;
};

const posterLimits = {
  /** Commands in one call: with a hundred legs each it stays within a statement's time. */
  batchMax: 50,
  /** Commands that wait for a lane or are on their way. One tenant's are at most three quarters of them. */
  runningMax: 200,
  /** Commands that wait for one of those; the next is refused. One tenant's are at most three quarters of them. */
  waitingMax: 2_000,
};

type PosterOptions = { pool: pg.Pool; onCommit: OnCommit; limits?: typeof posterLimits };

/** No command is given up while it waits: its request has a time limit of its own. */
const never = new AbortController().signal;

/**
 * Posts entries through a batcher. Tenants are served in turn, and none takes all places from the others. The pool logs in as
 * quittance_api and has two connections for it. `onCommit` gets what each commit changed, before the callers are answered.
 */
export function createEntryPoster({ pool, onCommit, limits = posterLimits }: PosterOptions): EntryPoster {
  const batcher = createBatcher<EntryCommand, EntryOutcome>({
    send: (commands) => postEntries(pool, commands, onCommit),
    keyOf: ({ tenantId, key }) => `${tenantId} ${key}`,
    locks: {
      holders: createLockHolders(),
      idOf: ({ id }) => id,
      blocked: (commands) => blockedEntries(pool, commands),
    },
    limits: { batchMax: limits.batchMax },
  });
  const permits = createFairSemaphore(limits.runningMax, limits.waitingMax);
  const post = async (command: EntryCommand): Promise<EntryOutcome> => {
    // A part of its own, so that it is limited by its tenant alone.
    const owner = { tenantId: command.tenantId, part: command.id };
    if (!(await permits.acquire(owner, never))) throw new Overload('too many entries wait for the ledger already');
    try {
      return await batcher.push(command);
    } finally {
      permits.release(owner);
    }
  };
  return { post, idle: batcher.idle };
}
