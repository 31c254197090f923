import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { freePort } from '../../../local/ports.ts';
import { startPostgres, superuserUrl } from '../../../local/servers/postgres.ts';
import { postgresDataFolder } from '../../../local/servers/postgres-binaries.ts';
import { postgresUser } from '../../../local/servers/postgres-user.ts';
import { createProgramGroup } from '../../../local/supervise/program-group.ts';
import { until } from './in-time.ts';

export const ownPassword = 'of-a-test';

/**
 * A Postgres for one test file, not started yet. One that was killed stays away until it is started again. What it does delays no other test: on the
 * server of all, one long transaction withholds the events of every database.
 */
export type OwnPostgres = {
  superuser: string;
  port: number;
  dataFolder: string;
  start(): Promise<void>;
  /** Starts one that was killed. Processes that it left may hold its memory for a moment; then it is tried again. */
  restart(): Promise<void>;
  /** SIGKILL to its first process. */
  kill(): void;
  /** Stops all its processes where they are, until they are thawed: connections stay open, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
};

export async function ownPostgres(): Promise<OwnPostgres> {
  const parent = mkdtempSync(join(tmpdir(), 'quittance-postgres-'));
  const folder = join(parent, 'server');
  mkdirSync(folder);
  for (const path of [parent, folder]) chmodSync(path, 0o711); // As root, Postgres runs as another user and must be able to pass.
  const group = createProgramGroup({
    logFolder: parent,
    printAs: () => () => {},
    restartAfterMs: null,
  });
  const options = { folder, port: await freePort(), password: ownPassword, durable: false };
  const dataFolder = postgresDataFolder(folder, postgresUser());
  const stop = async () => {
    await group.stopAll();
    for (const path of [parent, dataFolder]) rmSync(path, { recursive: true, force: true });
  };
  const start = async () => void (await startPostgres(options, group));
  return {
    superuser: superuserUrl(options),
    port: options.port,
    dataFolder,
    start,
    restart: () => until(() => start().then(yes, no), 60_000),
    kill: () => void process.kill(firstProcess(dataFolder), 'SIGKILL'),
    freeze: () => {
      const first = firstProcess(dataFolder);
      // The one that starts others comes first, and is thawed last: in between none begins, and none is gone.
      process.kill(first, 'SIGSTOP');
      for (const pid of childrenOf(first)) process.kill(pid, 'SIGSTOP');
    },
    thaw: () => {
      const first = firstProcess(dataFolder);
      for (const pid of [...childrenOf(first), first]) process.kill(pid, 'SIGCONT');
    },
    stop,
  };
}

const yes = () => true;
const no = () => false;

const firstProcess = (dataFolder: string): number =>
  Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);

function childrenOf(parent: number): number[] {
  const { stdout } = execaSync('ps', ['-A', '-o', 'pid=,ppid=']);
  const all = stdout.split('\n').map((line) => line.trim().split(/ +/).map(Number));
  return all.flatMap(([pid, its]) => (pid !== undefined && its === parent ? [pid] : []));
}
