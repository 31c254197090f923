import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../../local/cache-folder.ts';
import { openChildrenRecord } from '../../../local/children-record.ts';
import { freePort } from '../../../local/ports.ts';
import { findRedis } from '../../../local/servers/find-redis.ts';
import { findTemporal } from '../../../local/servers/find-temporal.ts';
import { makeDataFolder, postgresPlan, superuserUrl } from '../../../local/servers/postgres.ts';
import { findPostgresBinaries } from '../../../local/servers/postgres-binaries.ts';
import { postgresRunsAs } from '../../../local/servers/postgres-user.ts';
import { redisPlan, redisUrl } from '../../../local/servers/redis.ts';
import { temporalPlan } from '../../../local/servers/temporal.ts';
import { inWords, StartFault } from '../../../local/start-fault.ts';
import { takeLock } from '../../../local/supervise/lock.ts';
import { type Child, type ChildPlan, startChild } from '../../../local/supervise/program.ts';
import { sweepOldFolders, testFolderPrefix } from './sweep.ts';
import { makeTemplate } from './template.ts';

/**
 * Runs the servers of one test run: `node run.ts postgres,temporal,redis`. Prints one line of JSON on stdout when they
 * answer (the environment for the tests, or `{"fault": sentence}`), and ends them all when its stdin closes, which happens
 * when the test run ends in any way, SIGKILL included. Were it killed itself, the next keeper ends what it left.
 */
const wanted = new Set((process.argv[2] ?? '').split(',').filter((name) => name !== ''));
const say = (line: string) => process.stderr.write(`test servers: ${line}\n`);
const children: Child[] = [];
let ending: Promise<void> | undefined;

await sweepOldFolders(say);
const folder = mkdtempSync(join(tmpdir(), testFolderPrefix));
chmodSync(folder, 0o711); // As root, Postgres runs as another user and must be able to pass.
takeLock(join(folder, 'keeper.lock'));
const surroundings = {
  record: openChildrenRecord(join(folder, 'children.json')),
  logFolder: join(folder, 'logs'),
  say,
  keepAlive: false,
};

process.stdin.once('end', end).once('close', end).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, end);

try {
  const parts = await Promise.all([startPostgres(), startTemporal(), startRedis()]);
  process.stdout.write(`${JSON.stringify({ environment: Object.assign({}, ...parts) })}\n`);
} catch (error) {
  const fault = inWords(error) ?? (error instanceof Error ? error.stack : String(error));
  process.stdout.write(`${JSON.stringify({ fault })}\n`);
  await end();
}

async function startPostgres(): Promise<Record<string, string>> {
  if (!wanted.has('postgres')) return {};
  const runAs = postgresRunsAs();
  const options = {
    binaries: await findPostgresBinaries(runAs),
    runAs,
    dataFolder: join(folder, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
    durable: false,
  };
  await makeDataFolder(options);
  await start({ ...postgresPlan(options), loudness: 'nothing' });
  await makeTemplate(superuserUrl(options));
  return { TEST_POSTGRES_URL: superuserUrl(options) };
}

async function startTemporal(): Promise<Record<string, string>> {
  if (!wanted.has('temporal')) return {};
  const binary = await findTemporal(cacheFolder(), (line) => say(`Temporal: ${line}`));
  const port = await freePort();
  await start({ ...temporalPlan({ binary: binary.path, folder, port }), loudness: 'nothing' });
  return { TEST_TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
}

async function startRedis(): Promise<Record<string, string>> {
  if (!wanted.has('redis')) return {};
  const binary = await findRedis(cacheFolder(), (line) => say(`Redis: ${line}`));
  if (!binary) {
    const absent = 'no redis-server here, and none could be fetched';
    if (process.env['CI']) throw new StartFault(`${absent}; with CI set every test must run: install redis-server.`);
    say(`${absent}: tests that need it are SKIPPED`);
    return {};
  }
  const options = { binary, folder, port: await freePort(), password: randomBytes(12).toString('hex') };
  await start({ ...redisPlan(options), loudness: 'nothing' });
  return { TEST_REDIS_URL: redisUrl(options) };
}

async function start(plan: ChildPlan): Promise<void> {
  const child = startChild(plan, { ...surroundings, say: (line) => say(`${plan.name} ${line}`) });
  children.push(child);
  await child.whenReady();
}

/** Ends every server and the folder with what they wrote; nothing of a test run is worth keeping. */
function end(): Promise<void> {
  ending ??= Promise.all(children.map((child) => child.stop())).then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
  return ending;
}
