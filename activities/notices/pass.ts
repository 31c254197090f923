import type { DueEndpoint } from '../../ledger/notices/due.ts';
import type { DeliveryDecision } from './decision.ts';
import type { NoticeTerms } from './terms.ts';

/** What one pass over an endpoint's notices has seen so far, and what follows from it. */
export type Pass = {
  count(decision: DeliveryDecision): void;
  /** Concurrent requests: one alone while a receiver that was down has not accepted anything. */
  requestsMax(): number;
  /** The receiver accepts nothing: the rest of its notices wait. */
  isDown(): boolean;
  /** Nothing more is sent in this pass. */
  isOver(): boolean;
  /** Why the endpoint takes no more notices, or null. */
  goneReason(): string | null;
  seen(): { delivered: number; failed: number; askedMs: number };
};

/** Begins a pass. An endpoint that was down is probed with one notice. */
export function beginPass(
  { wasDown }: Pick<DueEndpoint, 'wasDown'>,
  { concurrency, failuresInRowMax }: Pick<NoticeTerms, 'concurrency' | 'failuresInRowMax'>,
): Pass {
  let delivered = 0;
  let failed = 0;
  let failuresInRow = 0;
  let askedMs = 0;
  let goneReason: string | null = null;
  const isProbe = (): boolean => wasDown && delivered === 0;
  const isDown = (): boolean => failuresInRow >= (isProbe() ? 1 : failuresInRowMax);
  return {
    count: (decision) => {
      if (decision.outcome === 'delivered') {
        delivered += 1;
        failuresInRow = 0;
        return;
      }
      failed += 1;
      failuresInRow += 1;
      askedMs = Math.max(askedMs, decision.askedMs);
      if (decision.outcome === 'given_up') goneReason ??= decision.reason;
    },
    requestsMax: () => (isProbe() ? 1 : concurrency),
    isDown,
    isOver: () => isDown() || askedMs > 0 || goneReason !== null,
    goneReason: () => goneReason,
    seen: () => ({ delivered, failed, askedMs }),
  };
}
