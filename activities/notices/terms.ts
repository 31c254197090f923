import { createHash } from 'node:crypto';

/** How notices are sent. Times in milliseconds; tests pass small ones. */
export type NoticeTerms = {
  /** Waits after the first, second, … failed try. After the try that follows the last wait, the notice is given up. */
  retryMs: readonly number[];
  /** The timeout of one request, from the look-up of the name to the last byte read. */
  timeoutMs: number;
  answerBytesMax: number;
  /** Concurrent requests to one endpoint, each for another transfer. */
  concurrency: number;
  /** Notices in one read. */
  perRead: number;
  /** A pass begins no new request after this long; the workflow calls it again. */
  budgetMs: number;
  /** After this many failures in a row the receiver counts as down, and the rest of its notices wait. */
  failuresInRowMax: number;
  /** The longest wait that we accept from a receiver's Retry-After. */
  retryAfterMaxMs: number;
  /** Concurrent passes for one tenant in one process, of the 200 that it has. */
  passesPerTenantMax: number;
  /** How long an endpoint waits whose tenant has as many passes as it may have. */
  tenantBusyMs: number;
  /** Notices that one call lets start over. */
  restartsPerCall: number;
};

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** About 75 hours of retries, as Standard Webhooks advises; then the endpoint is disabled. */
export const noticeTerms: NoticeTerms = {
  retryMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
  timeoutMs: 15 * second,
  // Only the status counts; a longer body is dropped with its connection.
  answerBytesMax: 65_536,
  concurrency: 8,
  perRead: 100,
  budgetMs: 20 * second,
  failuresInRowMax: 8,
  retryAfterMaxMs: hour,
  passesPerTenantMax: 10,
  tenantBusyMs: second,
  restartsPerCall: 1_000,
};

/** How long a notice is retried before it is given up. */
export const retriedForMs = ({ retryMs }: Pick<NoticeTerms, 'retryMs'>): number =>
  retryMs.reduce((sum, wait) => sum + wait, 0);

const jitter = 0.2;

/**
 * How long until the next try, or null when that was the last. Spread by ±20 %, so that the notices of an outage are not retried
 * at the same moment; the spread is a hash of the notice and the try, so that it is deterministic.
 */
export function nextInMs(
  { retryMs }: NoticeTerms,
  { noticeId, tryN }: { noticeId: string; tryN: number },
): number | null {
  const wait = retryMs[tryN - 1];
  if (wait === undefined) return null;
  const spread = createHash('sha256').update(`${noticeId} ${tryN}`).digest().readUInt32BE() / 0xffff_ffff;
  return Math.round(wait * (1 - jitter + 2 * jitter * spread));
}
