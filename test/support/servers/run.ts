import '../../../config/environment.ts';

import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../local/ports.ts';
import { startPostgres, superuserUrl } from '../../../local/servers/postgres.ts';
import { startRedis } from '../../../local/servers/redis.ts';
import { startStorage } from '../../../local/servers/storage.ts';
import { startTemporal } from '../../../local/servers/temporal.ts';
import { explainStartFault, StartFault } from '../../../local/start-fault.ts';
import { isLocked, takeLock } from '../../../local/supervise/lock.ts';
import { createProgramGroup } from '../../../local/supervise/program-group.ts';
import { stopWithParent } from '../../../local/supervise/supervisor.ts';
import { makeTemplate } from './template.ts';

/**
 * The servers of one test run, in the supervisor process: `node run.ts postgres,temporal,redis,storage`. Prints one line of JSON
 * when they answer (the environment for the tests, or `{"fault": sentence}`), and ends them when the test run ends.
 */
const wanted = new Set((process.argv[2] ?? '').split(',').filter((name) => name !== ''));
const folderPrefix = 'quittance-servers-';
/** A run takes its lock right after it makes its folder; a younger one without may be just doing so. */
const youngMs = 60_000;

const say = (line: string) => process.stderr.write(`test servers: ${line}\n`);
const sayAs = (name: string) => (line: string) => say(`${name} ${line}`);

removeOldFolders();
const folder = mkdtempSync(join(tmpdir(), folderPrefix));
chmodSync(folder, 0o711); // As root, Postgres runs as another user and must be able to pass.
takeLock(lockIn(folder));
const group = createProgramGroup({ logFolder: join(folder, 'logs'), printAs: sayAs, restartAfterMs: null });

stopWithParent(stop);
try {
  const parts = await Promise.all([postgres(), temporal(), redis(), storage()]);
  process.stdout.write(`${JSON.stringify({ environment: Object.assign({}, ...parts) })}\n`);
} catch (error) {
  const fault = explainStartFault(error) ?? (error instanceof Error ? error.stack : String(error));
  process.stdout.write(`${JSON.stringify({ fault })}\n`);
  await stop();
  process.exit(0);
}

async function postgres(): Promise<Record<string, string>> {
  if (!wanted.has('postgres')) return {};
  const options = { folder, port: await freePort(), password: aPassword(), durable: false };
  await startPostgres(options, group);
  await makeTemplate(superuserUrl(options));
  return { TEST_POSTGRES_URL: superuserUrl(options) };
}

async function temporal(): Promise<Record<string, string>> {
  if (!wanted.has('temporal')) return {};
  const { address } = await startTemporal({ folder, port: await freePort() }, group, sayAs('temporal'));
  return { TEST_TEMPORAL_ADDRESS: address };
}

async function redis(): Promise<Record<string, string>> {
  if (!wanted.has('redis')) return {};
  const server = await startRedis({ folder, port: await freePort(), password: aPassword() }, group, sayAs('redis'));
  if (server) return { TEST_REDIS_URL: server.url };
  const absent = 'no redis-server here, and none could be fetched';
  if (process.env['CI']) throw new StartFault(`${absent}; with CI set every test must run: install redis-server.`);
  say(`${absent}: tests that need it are SKIPPED`);
  return {};
}

async function storage(): Promise<Record<string, string>> {
  if (!wanted.has('storage')) return {};
  const options = { folder, port: await freePort(), secret: aPassword(), bucketPrefix: 'quittance' };
  const server = await startStorage(options, group, sayAs('storage'));
  if (server) return { TEST_STORAGE_URL: server.url };
  const absent = 'no versitygw here, and none could be built';
  if (process.env['CI']) throw new StartFault(`${absent}; with CI set every test must run: install Go.`);
  say(`${absent}: tests that need an S3 are SKIPPED`);
  return {};
}

/** Nothing of a test run is worth keeping. */
async function stop(): Promise<void> {
  await group.stopAll();
  rmSync(folder, { recursive: true, force: true });
}

/** What runs left whose supervisor was killed. Other users' and living runs' folders are left alone. */
function removeOldFolders(): void {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(folderPrefix));
  for (const old of names.map((name) => join(tmpdir(), name))) {
    if (!existsSync(old) || statSync(old).uid !== process.getuid?.()) continue;
    const isYoung = Date.now() - statSync(old).mtimeMs < youngMs;
    if (!isYoung && !isLocked(lockIn(old))) rmSync(old, { recursive: true, force: true });
  }
}

function lockIn(path: string): string {
  return join(path, 'run.lock');
}

function aPassword(): string {
  return randomBytes(12).toString('hex');
}
