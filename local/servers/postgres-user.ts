import { execaSync } from 'execa';
import { StartFault } from '../start-fault.ts';

/** A system user. */
export type User = { uid: number; gid: number };

const name = 'postgres';

/**
 * The user to run Postgres as: undefined (the current one) for an ordinary user; as root the system's user
 * `postgres`, made when it is missing, because Postgres refuses to run as root.
 */
export function postgresUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const found = lookUp();
  if (found) return found;
  const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  execaSync('useradd', [...flags, name], { reject: false });
  const made = lookUp();
  if (made) return made;
  throw new StartFault(
    'Postgres cannot run as root and no user "postgres" could be made: start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Whether that user can enter a path and every folder above it. True for the current user. */
export function canEnter(path: string, user: User | undefined): boolean {
  return !user || !execaSync('test', ['-x', path], { ...user, cwd: '/', reject: false }).failed;
}

function lookUp(): User | null {
  const idOf = (flag: string) => execaSync('id', [flag, name], { reject: false });
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return uid.failed || gid.failed ? null : { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
