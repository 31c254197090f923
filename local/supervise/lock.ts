import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Gives a lock back. Not needed at the end of a process. */
export type Release = () => void;

const pollMs = 100;
/** How long SQLite itself waits for somebody who only looks. */
const busyMs = 50;
const sqliteBusy = 5;
/** A database that nobody refers to is closed by the garbage collector, and its lock given away. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock; null while another process has it. It is a lock of the operating system on a file, taken through the
 * SQLite that comes with Node, so it ends with its process, SIGKILL included: no pid to compare, no stale file to judge.
 * The file stays. Nothing else may open it: closing it would give the lock away.
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

/** Whether some process has the lock. Takes nothing, so any number may ask at once. */
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

/** Waits for a lock, at most so long; then null. `whileHeld` runs at each look that finds it held, and may throw. */
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
