/** Tokens of a key's window that a process may use without a call to Redis. Times are `performance.now()`. */
export type Allowance = {
  tokens: number;
  /** What was left for all processes at the last refill. */
  elsewhere: number;
  /** Nothing was left at the last refill, so nothing will be until the window ends. */
  isExhausted: boolean;
  endsAt: number;
};

/** The tokens of a key's window that this process got: none when nothing was left. */
export type TokenGrant = { tokens: number; elsewhere: number; endsInMs: number };

/** Before the first refill. */
export const emptyAllowance = (): Allowance => ({
  tokens: 0,
  elsewhere: 0,
  isExhausted: false,
  endsAt: Number.NEGATIVE_INFINITY,
});

/**
 * Takes one token. `taken`: it got one. `exhausted`: there will be none until the window ends. `ask`: the
 * window is over, or the tokens are used up and there may be more.
 */
export function takeToken(allowance: Allowance, now: number): 'taken' | 'exhausted' | 'ask' {
  if (now >= allowance.endsAt) return 'ask';
  if (allowance.tokens === 0) return allowance.isExhausted ? 'exhausted' : 'ask';
  allowance.tokens -= 1;
  return 'taken';
}

/** The allowance after a refill. The one before was used up or its window was over. */
export const toAllowance = ({ tokens, elsewhere, endsInMs }: TokenGrant, now: number): Allowance => ({
  tokens,
  elsewhere,
  isExhausted: tokens === 0,
  endsAt: now + endsInMs,
});
