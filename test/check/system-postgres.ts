import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports.ts';
import { withClient } from '../../local/servers/database.ts';
import { postgresUser } from '../../local/servers/postgres-user.ts';

/** A PostgreSQL of this system, as its packages install it: our own from npm has no extensions of others. */
export type SystemPostgres = { version: string; programs: string; extensions: string };

const readyWithinMs = 60_000;

/** The newest PostgreSQL of this system that has the extension, or null. */
export function findWithExtension(extension: string): SystemPostgres | null {
  const debian = globSync('/usr/lib/postgresql/*/bin').map((programs) => {
    const version = programs.split('/').at(-2) ?? '';
    return { version, programs, extensions: `/usr/share/postgresql/${version}/extension` };
  });
  const fit = debian.filter(
    ({ programs, extensions }) =>
      existsSync(join(programs, 'initdb')) && existsSync(join(extensions, `${extension}.control`)),
  );
  return fit.toSorted((a, b) => Number(b.version) - Number(a.version))[0] ?? null;
}

/** Runs the work on a new, empty server, and ends the server and its data whatever happens. `url` is a superuser's. */
export async function onNewServer<T>({ programs }: SystemPostgres, work: (url: string) => Promise<T>): Promise<T> {
  const user = postgresUser();
  const folder = mkdtempSync(join(tmpdir(), 'quittance-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const options = { cwd: folder, stdio: 'ignore', env: { LC_ALL: 'C', TZ: 'UTC' }, ...user } as const;
  const access = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(join(programs, 'initdb'), ['-D', folder, ...access], options);
  if (made.status !== 0) throw new Error(`initdb of ${programs} failed`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((one) => [
    '-c',
    one,
  ]);
  const server = spawn(join(programs, 'postgres'), ['-D', folder, '-p', String(port), ...settings], options);
  const ended = once(server, 'exit');
  try {
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    await whenReady(url, performance.now() + readyWithinMs);
    return await work(url);
  } finally {
    // "Fast" shutdown: it ends what is still connected.
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function whenReady(url: string, until: number): Promise<void> {
  try {
    await withClient(url, (client) => client.query('select 1'));
  } catch (error) {
    if (performance.now() > until) throw error;
    await sleep(100);
    await whenReady(url, until);
  }
}
