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
import { execa } from 'execa';
import { StartFault } from '../start-fault.ts';
import type { ProgramPlan } from '../supervise/program.ts';
import type { ProgramGroup } from '../supervise/program-group.ts';
import { withClient } from './database.ts';
import { findPostgresBinaries, type PostgresBinaries, postgresDataFolder } from './postgres-binaries.ts';
import { canEnter, postgresUser, type User } from './postgres-user.ts';

/** The parts of a Postgres that we start. `durable: false` only for tests: data may be lost when the machine crashes. */
export type PostgresOptions = {
  folder: string;
  port: number;
  password: string;
  durable: boolean;
  /** Settings of Postgres beside ours, or in their place. */
  more?: Readonly<Record<string, string>>;
};

/** Where one runs: its version ("18.4.0") and the folder of its data, which is below `folder` unless its user may not enter that. */
export type Postgres = { version: string; dataFolder: string };

type Server = PostgresOptions & { user: User | undefined; binaries: PostgresBinaries; dataFolder: string };

const initWithinMs = 120_000;
const environment = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

const settings: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // The terminal shows warnings; programs report their failed statements themselves.
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
const initdbFlags = [
  ...['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'],
  // The builtin provider sorts the same on every system, independent of installed locales.
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

/** The login of the superuser of a Postgres of ours, for one database. */
export function superuserUrl(options: { port: number; password: string }, database = 'postgres'): string {
  return `postgres://postgres:${options.password}@127.0.0.1:${options.port}/${database}`;
}

/** Makes the data on the first call and starts the server. */
export async function startPostgres(options: PostgresOptions, group: ProgramGroup): Promise<Postgres> {
  const user = postgresUser();
  const binaries = await findPostgresBinaries(user);
  const dataFolder = postgresDataFolder(options.folder, user);
  const server = { ...options, user, binaries, dataFolder };
  await makeData(server);
  await group.start(plan(server));
  return { version: binaries.version, dataFolder };
}

/** SIGINT is Postgres's "fast" shutdown: it ends sessions and writes everything to disk. */
function plan(server: Server): ProgramPlan {
  const { binaries, dataFolder, port, user, durable, more } = server;
  const flags = Object.entries({ ...settings, ...(!durable && notDurable), ...more }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  return {
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', dataFolder, '-p', String(port), ...flags],
    env: environment,
    cwd: canEnter(dataFolder, user) ? dataFolder : '/',
    runAs: user,
    before: async () => removeForeignPidFile(dataFolder),
    stopSignal: 'SIGINT',
    stopWithinMs: 20_000,
    answers: () => withClient(superuserUrl(server), async (client) => (await client.query('select 1')).rowCount === 1),
    readyWithinMs: 60_000,
    loudness: durable ? 'warnings' : 'nothing',
  };
}

/** What a killed start left unfinished is made again. */
async function makeData(server: Server): Promise<void> {
  const { dataFolder, password, user } = server;
  if (existsSync(join(dataFolder, 'PG_VERSION'))) return;
  const draft = `${dataFolder}.new`;
  const passwordFile = `${dataFolder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    await runInitdb(server, ['-D', draft, `--pwfile=${passwordFile}`]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  chmodSync(draft, 0o700);
  renameSync(draft, dataFolder);
}

async function runInitdb({ binaries, dataFolder, durable, user }: Server, flags: string[]): Promise<void> {
  const { failed, stderr } = await execa(
    binaries.initdb,
    [...flags, ...initdbFlags, ...(durable ? [] : ['--no-sync'])],
    {
      ...{ cwd: `${dataFolder}.new`, env: environment, extendEnv: false, stdin: 'ignore', stdout: 'ignore' },
      ...{ timeout: initWithinMs, reject: false },
      ...user,
    } as const,
  );
  if (!failed) return;
  if (/no space left/i.test(stderr))
    throw new StartFault(`The disk is full (${dataFolder}): make room, then start again.`);
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  throw new StartFault(`Postgres could not make its data folder ${dataFolder}: ${reason}`);
}

/**
 * The pid file of a server that was killed names a pid that may belong to another process now. In a container that is
 * likely, and Postgres would take that process for a running server. In every other case Postgres checks the file itself.
 */
function removeForeignPidFile(dataFolder: string): void {
  const pidFile = join(dataFolder, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(pidFile)) return;
  const pid = readFileSync(pidFile, 'utf8').split('\n')[0];
  if (existsSync(`/proc/${pid}`) && workingFolderOf(pid) !== dataFolder) rmSync(pidFile, { force: true });
}

/** A Postgres server works in its data folder. */
function workingFolderOf(pid = ''): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // A zombie, or a process of another user: not our server.
  }
}
