import { Bug } from '../domain/check.ts';

/**
 * What an error of the database means for a batch. Anything that may have committed, or may work next time, is a fault:
 * the same ids are sent again. Poison is what the database will always refuse: a value out of range, a broken check.
 */

/** Data exceptions, integrity violations, raised checks, internal errors: the same command would fail again. */
const poisonClasses = new Set(['22', '23', '42', 'P0', 'XX']);
/** Waited too long for a lock or for the whole statement: smaller batches get past each other. */
const waitCodes = new Set(['55P03', '57014']);

/** Whether the server refused the command permanently. It answered, so the command wrote nothing. */
export function isPoison(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code !== null && poisonClasses.has(code.slice(0, 2));
}

/**
 * Whether sending the same again is useless: poison, or code of ours that broke. That may have happened after the server had
 * answered, so it says nothing of what was written.
 */
export const isHopeless = (error: unknown): boolean =>
  isPoison(error) || error instanceof Bug || error instanceof TypeError || error instanceof RangeError;

/** Whether the batch waited for a lock, so that halves of it may pass. */
export function isSplittable(error: unknown): boolean {
  const code = sqlStateOf(error);
  return code !== null && waitCodes.has(code);
}

/** Whether the call waited longer for a row's lock than it may. It wrote nothing. */
export const isLockTimeout = (error: unknown): boolean => sqlStateOf(error) === '55P03';

/** The SQLSTATE of an error, or null for one that did not come from the server (a lost connection has none). */
function sqlStateOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Thrown when a commit's fate is not known: the server answered success with a warning that it did not wait. Ask again with the same ids. */
export class UnknownCommit extends Error {
  override readonly name = 'UnknownCommit';
}

/** Thrown to a caller that needs a row which another transaction keeps locked. A fault: the same command may be sent again. */
export class RowLocked extends Error {
  override readonly name = 'RowLocked';
}
