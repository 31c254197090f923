/** How far the statements of a month are. `perMinute`: how many became ready in a minute, lately; null where nobody can say. */
export type StatementPace = { accounts: number; ready: number; pace: number | null; perMinute: number | null };

/**
 * How long it takes in milliseconds until all of them are ready, at the speed of the last minutes. Null where nobody can say: nothing became ready
 * lately, or it is paused.
 */
export function msLeft({ accounts, ready, pace, perMinute }: StatementPace): number | null {
  const left = Math.max(accounts - ready, 0);
  if (left === 0) return 0;
  if (pace === 0 || perMinute === null || perMinute <= 0) return null;
  return Math.ceil((left * 60_000) / perMinute);
}
