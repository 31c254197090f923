import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Releases a lock. Not needed at the end of a process. */
export type Release = () => void;

const pollMs = 100;
/** How long SQLite waits for a process that only checks. */
const busyMs = 50;
const sqliteBusy = 5;
/** An unreferenced database is closed by the garbage collector, which releases its lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock; null while another process has it. It is a lock of the operating system on a file, taken through the
 * SQLite that comes with Node, so it ends with its process, SIGKILL included: no pid to compare, no stale file to judge.
 * The file stays. Nothing else may open it: closing it would release the lock.
 */
export function takeLock(path: string): Release | null {
  const file = new DatabaseSync(path, { timeout: busyMs });
  try {
    // There is nothing to roll back, and no second file to leave behind.
    file.exec('pragma journal_mode = memory; begin exclusive');
    held.add(file);
    return () => {
      held.delete(file);
      file.close();
    };
  } catch (error) {
    file.close();
    if (isBusy(error)) return null;
    throw error;
  }
}

/** Whether a process has the lock. It takes no lock itself. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = new DatabaseSync(path, { readOnly: true, timeout: busyMs });
  try {
    file.exec('pragma schema_version');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    file.close();
  }
}

/** Waits for a lock, at most this long; then null. `whileHeld` runs at each look that finds it held, and may throw. */
export async function waitForLock(path: string, withinMs: number, whileHeld: () => void): Promise<Release | null> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(pollMs)) {
    const release = takeLock(path);
    if (release) return release;
    whileHeld();
  }
  return null;
}

/** Not by `instanceof`: jest gives tests an Error of their own. */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;
}
