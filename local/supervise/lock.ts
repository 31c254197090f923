import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { codeOf } from '../../config/error-fields.ts';
import { readJson } from '../json-file.ts';
import { identityOf, lives, type ProcessIdentity } from '../process-identity.ts';

/** `taken`: ours until released. `held`: by that living process. */
export type Lock = { taken: true; release: () => void } | { taken: false; holder: ProcessIdentity };

const identity = z.object({ pid: z.number(), startTime: z.string() });
const triesMax = 20;

/**
 * Takes a lock that is a file naming its holder. A holder that is dead (by pid and start time) does not count, so a
 * SIGKILL leaves nothing behind that a person would have to clean up.
 */
export function takeLock(path: string): Lock {
  const me = identityOf(process.pid) ?? { pid: process.pid, startTime: '' };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let tries = 0; tries < triesMax; tries += 1) {
      if (linked(draft, path)) return { taken: true, release: () => releaseOwn(path, me) };
      const holder = holderOf(path);
      if (holder && lives(holder)) return { taken: false, holder };
      setAside(path, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new Error(`the lock ${path} changes hands without end`);
}

/** The process that the lock file names, or null when there is no lock. It may be dead. */
export function holderOf(path: string): ProcessIdentity | null {
  const read = identity.safeParse(readJson(path));
  return read.success ? read.data : null;
}

/** link(2) is the one step that creates the file whole and fails if it is there. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a dead holder's file away; gives it back if a living one got in between the look and the move. */
function setAside(path: string, dead: ProcessIdentity | null): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Another process was quicker: look again.
  }
  const moved = holderOf(aside);
  if (moved && lives(moved) && moved.pid !== dead?.pid) linked(aside, path);
  rmSync(aside, { force: true });
}

function releaseOwn(path: string, me: ProcessIdentity): void {
  const holder = holderOf(path);
  if (holder?.pid === me.pid && holder.startTime === me.startTime) rmSync(path, { force: true });
}
