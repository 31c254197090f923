import type pg from 'pg';
import { type BatcherLimits, createBatcher } from './batcher.ts';
import type { OnCommit } from './commit-effects.ts';
import { createLockHolders } from './locks/holders.ts';
import { watchTransfers } from './locks/transfer-locks.ts';
import { type CancelCommand, type CancelOutcome, cancel } from './transfers/cancel.ts';
import { type ReverseCommand, type ReverseOutcome, reverse } from './transfers/reverse.ts';

/** The verbs that change a transfer in one commit because a request asks for it, without a workflow. They are batched. */
export type TransfersOnRequest = {
  cancel(command: CancelCommand): Promise<CancelOutcome>;
  reverse(command: ReverseCommand): Promise<ReverseOutcome>;
  /** Waits until nothing is on its way to the database. */
  idle(): Promise<void>;
};

const apiLimits: Partial<BatcherLimits> = {
  // Of the API's eight connections each verb has one, however many wait for a lock.
  lanes: 1,
  // A second of what a lane carries; more is answered not_attempted.
  queueMax: 1_000,
};

/**
 * Binds the verbs to a pool that logs in as quittance_api. `onCommit` gets what each commit changed, before the callers are
 * answered. Faults are thrown: the caller tries again with the same ids, or the client with the same request.
 */
export function createTransfersOnRequest({
  pool,
  onCommit,
}: {
  pool: pg.Pool;
  onCommit: OnCommit;
}): TransfersOnRequest {
  const watch = watchTransfers(pool, createLockHolders());
  const cancellations = createBatcher<CancelCommand, CancelOutcome>({
    send: (commands) => cancel(pool, commands, onCommit),
    keyOf: ({ id }) => id,
    locks: watch({ idOf: ({ id }: CancelCommand) => id, withAccounts: true }),
    limits: apiLimits,
  });
  const reversals = createBatcher<ReverseCommand, ReverseOutcome>({
    send: (commands) => reverse(pool, commands, onCommit),
    keyOf: ({ reversesId }) => reversesId,
    locks: watch({ idOf: ({ reversesId }: ReverseCommand) => reversesId, withAccounts: true }),
    limits: apiLimits,
  });
  return {
    cancel: (command) => cancellations.push(command),
    reverse: (command) => reversals.push(command),
    idle: async () => void (await Promise.all([cancellations.idle(), reversals.idle()])),
  };
}
