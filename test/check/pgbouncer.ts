import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports.ts';
import { withClient } from '../../local/servers/database.ts';
import { postgresUser } from '../../local/servers/postgres-user.ts';
import { type DebianProgram, findDebianProgram } from './debian-program.ts';

const readyWithinMs = 20_000;

/** A PgBouncer on PATH, else one from Debian's packages; null when neither can be had. */
export const findPgBouncer = (): Promise<DebianProgram | null> =>
  findDebianProgram('pgbouncer', { packages: ['pgbouncer', 'libc-ares2', 'libevent-2.1-7'], folder: 'sbin' });

/**
 * Runs the work with a PgBouncer in transaction mode in front of a server, with three server connections for each login, as a small
 * pool has them, so that consecutive statements of a client come to other connections. `at` turns an address of the server into one of the
 * pooler. The logins' passwords are those of the addresses.
 */
export async function throughPgBouncer<T>(
  { path, env }: DebianProgram,
  urls: readonly string[],
  work: (at: (url: string) => string) => Promise<T>,
): Promise<T> {
  const server = new URL(urls[0] ?? '');
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'quittance-pgbouncer-'));
  const user = postgresUser();
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pool_mode: 'transaction',
    default_pool_size: 3,
    ignore_startup_parameters: 'options',
    auth_type: 'plain',
    auth_file: join(folder, 'users'),
  };
  const ini = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n* = host=${server.hostname} port=${server.port}\n[pgbouncer]\n${ini.join('')}`,
  );
  writeFileSync(
    join(folder, 'users'),
    urls.map((url) => `"${new URL(url).username}" "${decodeURIComponent(new URL(url).password)}"\n`).join(''),
  );
  if (user) for (const name of ['', 'pgbouncer.ini', 'users']) chownSync(join(folder, name), user.uid, user.gid);
  chmodSync(folder, 0o700);
  // As root it takes another user itself, once it has loaded what may lie below a closed home.
  const asUser = user ? ['-u', 'postgres'] : [];
  const program = spawn(path, [...asUser, join(folder, 'pgbouncer.ini')], { cwd: folder, stdio: 'ignore', env });
  const ended = once(program, 'exit');
  const at = (url: string) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
  try {
    await whenReady(at(urls[0] ?? ''));
    return await work(at);
  } finally {
    program.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function whenReady(url: string, until = performance.now() + readyWithinMs): Promise<void> {
  try {
    await withClient(url, (client) => client.query('select 1'));
  } catch (error) {
    if (performance.now() > until) throw error;
    await sleep(100);
    await whenReady(url, until);
  }
}
