import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { end, identityOf } from '../process-identity.ts';
import { StartFault } from '../start-fault.ts';
import type { ChildPlan } from '../supervise/program.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { canEnter, type User } from './postgres-user.ts';

/** What a Postgres of ours is made of. `durable: false` only for tests: it may lose everything with the machine. */
export type PostgresOptions = {
  binaries: PostgresBinaries;
  runAs: User | undefined;
  dataFolder: string;
  port: number;
  password: string;
  durable: boolean;
};

const initWithinMs = 120_000;
const leftoverWithinMs = 15_000;

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // A person at the terminal reads warnings; statements that fail are the programs' own business to report.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  timezone: 'UTC',
};
const notDurable: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '400',
};

/** The login of the superuser of a Postgres of ours, for one database. */
export function superuserUrl(options: { port: number; password: string }, database = 'postgres'): string {
  return `postgres://postgres:${options.password}@127.0.0.1:${options.port}/${database}`;
}

/** Makes the data folder on the first call; later calls find it. Half-made folders of a killed start are made anew. */
export async function makeDataFolder(options: PostgresOptions): Promise<void> {
  if (existsSync(join(options.dataFolder, 'PG_VERSION'))) return;
  const draft = `${options.dataFolder}.new`;
  const passwordFile = `${options.dataFolder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (options.runAs) for (const path of [draft, passwordFile]) chownSync(path, options.runAs.uid, options.runAs.gid);
  try {
    await runInitdb(options, draft, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  chmodSync(draft, 0o700);
  renameSync(draft, options.dataFolder);
}

/** The plan that keeps this Postgres running. SIGINT is its "fast" shutdown: it ends sessions and writes all down. */
export function postgresPlan(options: PostgresOptions): ChildPlan {
  const all = options.durable ? settings : { ...settings, ...notDurable };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: options.binaries.postgres,
    args: ['-D', options.dataFolder, '-p', String(options.port), ...flags],
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    cwd: canEnter(options.dataFolder, options.runAs) ? options.dataFolder : '/',
    runAs: options.runAs,
    before: () => clearTheWay(options.dataFolder),
    stopSignal: 'SIGINT',
    stopWithinMs: 20_000,
    answers: () => postgresAnswers(superuserUrl(options)),
    readyWithinMs: 60_000,
    loudness: 'faults',
  };
}

/** Whether a statement comes back. Throws what the connection threw. */
async function postgresAnswers(url: string, withinMs = 3_000): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: withinMs, query_timeout: withinMs });
  // An idle client whose server goes away emits an error that nobody awaits; the query tells us already.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end();
  }
}

/**
 * Before each start: a server that still runs in this folder is stopped, and the pid file of one that was killed is
 * taken away when its old pid belongs to another process now, which in a container is likely and which Postgres would
 * mistake for a running server. In every other case Postgres itself judges the file better than we could.
 */
async function clearTheWay(dataFolder: string): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0;
  const identity = pid > 0 ? identityOf(pid) : null;
  if (!identity || process.platform !== 'linux') return;
  if (worksIn(pid, dataFolder)) await end(identity, 'SIGINT', leftoverWithinMs);
  else rmSync(pidFile, { force: true });
}

/** A Postgres server works in its data folder; that tells it from whatever else has its pid now. Linux only. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false; // Gone, or another user's: not our server.
  }
}

function runInitdb(options: PostgresOptions, folder: string, passwordFile: string): Promise<void> {
  const args = [
    '-D',
    folder,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  // The builtin provider sorts the same on every system, whatever locales are installed there.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  if (!options.durable) args.push('--no-sync');
  return new Promise((done, fail) => {
    const child = spawn(options.binaries.initdb, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: initWithinMs,
      ...options.runAs,
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2_000);
    });
    child.once('error', fail);
    child.once('close', (code) => {
      if (code === 0) done();
      else if (/no space left/i.test(words))
        fail(new StartFault(`The disk is full (${folder}): make room, then start again.`));
      else
        fail(
          new StartFault(`Postgres could not make its data folder ${folder}: ${words.trim().split('\n').at(-1) ?? ''}`),
        );
    });
  });
}
