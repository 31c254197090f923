import type { TokenGrant } from './take-tokens.ts';

/** Tokens of a key that a process may use without a call to Redis. Times are `performance.now()`. */
export type Allowance = {
  tokens: number;
  /** What was left for all processes at the last refill. */
  left: number;
  /** From when on its tokens are void: who kept them for long would have them beside a full bucket. */
  endsAt: number;
  /** Before this there are none: the last refill brought nothing. */
  nextAt: number;
  /** When the bucket is full again if nobody takes any. */
  fullAt: number;
};

/** How long a process may keep tokens, in milliseconds. */
export const keepMs = 1_000;

/** The shortest time between two refills that bring nothing: a key above its rate asks Redis 50 times a second at most. */
export const exhaustedMs = 20;

/** Before the first refill. */
export const emptyAllowance = (): Allowance => ({ tokens: 0, left: 0, endsAt: 0, nextAt: 0, fullAt: 0 });

/**
 * Takes one token. `taken`: it got one. `exhausted`: there is none before `nextAt`. `ask`: its own are used up or void, and there may be
 * more.
 */
export function takeToken(allowance: Allowance, now: number): 'taken' | 'exhausted' | 'ask' {
  if (now < allowance.nextAt) return 'exhausted';
  if (now >= allowance.endsAt || allowance.tokens === 0) return 'ask';
  allowance.tokens -= 1;
  return 'taken';
}

/** The allowance after a refill. The one before was used up or void. */
export const toAllowance = ({ tokens, left, nextMs, fullMs }: TokenGrant, now: number): Allowance => ({
  tokens,
  left,
  endsAt: now + keepMs,
  nextAt: tokens === 0 ? now + Math.max(nextMs, exhaustedMs) : now,
  fullAt: now + fullMs,
});
