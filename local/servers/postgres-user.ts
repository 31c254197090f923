import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartFault } from '../start-fault.ts';

/** A system user. */
export type User = { uid: number; gid: number };

const postgresUser = 'postgres';

/**
 * The user to run Postgres as: nobody else when we are an ordinary user (undefined); as root the system's user
 * `postgres`, made when it is missing, because Postgres refuses to run as root.
 */
export function postgresRunsAs(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp(postgresUser);
  if (found) return found;
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', postgresUser]);
  const made = lookUp(postgresUser);
  if (made) return made;
  throw new StartFault(
    'Postgres cannot run as root and no user "postgres" could be made: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether that user can pass through every folder above a path, and into it. True for ourselves. */
export function canEnter(path: string, user: User | undefined): boolean {
  if (!user) return true;
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function lookUp(name: string): User | null {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}
