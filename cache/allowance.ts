/** Tokens of a key's window that a process may still give out without asking anybody. Times are `performance.now()`. */
export type Allowance = {
  tokens: number;
  /** What was left for everybody when we last asked. */
  elsewhere: number;
  /** Nothing was left then, so nothing will be until the window ends. */
  isExhausted: boolean;
  endsAt: number;
};

/** What was taken of a key's window for this process: no tokens when nothing was left of it. */
export type Granted = { tokens: number; elsewhere: number; endsInMs: number };

/** No tokens yet: whoever takes one must ask. */
export const emptyAllowance = (): Allowance => ({
  tokens: 0,
  elsewhere: 0,
  isExhausted: false,
  endsAt: Number.NEGATIVE_INFINITY,
});

/**
 * Takes one token. `taken`: it is gone from the allowance. `exhausted`: there will be none until the window ends. `ask`: the
 * window is over, whatever was left of it, or the tokens are used up and there may be more.
 */
export function takeToken(allowance: Allowance, now: number): 'taken' | 'exhausted' | 'ask' {
  if (now >= allowance.endsAt) return 'ask';
  if (allowance.tokens === 0) return allowance.isExhausted ? 'exhausted' : 'ask';
  allowance.tokens -= 1;
  return 'taken';
}

/** The allowance that a grant makes. Nothing is left of the one before, or its window is over: else nobody would have asked. */
export const toAllowance = ({ tokens, elsewhere, endsInMs }: Granted, now: number): Allowance => ({
  tokens,
  elsewhere,
  isExhausted: tokens === 0,
  endsAt: now + endsInMs,
});
