/** What a process may still give out of a key's window without asking anybody. Times are `performance.now()`. */
export type Lease = {
  tokens: number;
  /** What was left for everybody when we last asked. */
  elsewhere: number;
  /** Nothing was left then, so nothing will be until the window ends. */
  isDry: boolean;
  endsAt: number;
};

/** What was taken of a key's window for this process: none when nothing was left of it. */
export type Granted = { tokens: number; elsewhere: number; endsInMs: number };

/** Nothing leased yet: whoever takes of it must ask. */
export const nothingLeased = (): Lease => ({
  tokens: 0,
  elsewhere: 0,
  isDry: false,
  endsAt: Number.NEGATIVE_INFINITY,
});

/**
 * Takes one token out of a lease. `given`: it is gone from it. `dry`: there will be none until the window ends. `ask`: the
 * window is over, whatever was left of it, or the lease is used up and there may be more.
 */
export function take(lease: Lease, now: number): 'given' | 'dry' | 'ask' {
  if (now >= lease.endsAt) return 'ask';
  if (lease.tokens === 0) return lease.isDry ? 'dry' : 'ask';
  lease.tokens -= 1;
  return 'given';
}

/** The lease that a grant makes. Nothing is left of the one before, or its window is over: else nobody would have asked. */
export const filled = ({ tokens, elsewhere, endsInMs }: Granted, now: number): Lease => ({
  tokens,
  elsewhere,
  isDry: tokens === 0,
  endsAt: now + endsInMs,
});
