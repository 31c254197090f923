import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { readDeployment } from '../../activities/versions/deployment.ts';
import { writeReplayMark } from '../../activities/versions/replay-mark.ts';
import { readRouting } from '../../activities/versions/routing.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { noteWorkers } from '../../ledger/upkeep/note-workers.ts';
import { startMonitor } from '../../telemetry/monitor/monitor.ts';
import { freshDatabase } from '../../test/support/fixtures/database.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { temporalAddress } from '../../test/support/harness/temporal.ts';
import { root } from '../../test/support/tree.ts';
import { alwaysAtWork } from '../../workflows/contract/upkeep.ts';
import { defaultWaits } from '../../workflows/contract/waits.ts';
import { notePresence } from '../note-presence.ts';
import { keepVersions } from './keep.ts';

/** Workers with a version that nobody made current, and the operator who does. */
const version = { deploymentName: 'quittance', buildId: '1a2b3c' };
const rail = 'rail-instant';
let platform: Platform;
let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  platform = await startInProcess({ release: { version } });
  database = await freshDatabase();
}, inTime(60_000));
afterAll(async () => {
  await platform?.end();
  await database?.drop();
}, inTime(60_000));

/** The command as the image runs it. */
function operator(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { namespace } = platform.client.options;
  const temporal = { TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: namespace };
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url, ...temporal };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'operator/main.ts'), 'workers', ...args], { env }, (error, out, err) =>
      resolve({ code: error ? 1 : 0, out, err }),
    );
  });
}

test(
  'workers of a version that nobody made current are an alarm and in the health, until an operator makes it current',
  async () => {
    const { client, pools, ledger } = platform;
    const queues = [...alwaysAtWork(['instant'], defaultWaits).queues].filter((queue) => queue !== rail);
    const workers = () => [...queues, rail].map((queue) => ({ queue, state: 'RUNNING' }));
    const { alarms, log, raised } = listenForAlarms();
    const endPresence = notePresence({ note: ledger.noteWorkers, workers, buildId: version.buildId, log });
    const registry = new Registry();
    const monitor = startMonitor({
      read: () => readLiveness(pools.api),
      askTemporal: async () => {},
      readRouting: () => readRouting(client),
      expected: { queues, runs: {} },
      ...{ alarms, registry, terms: { lookEveryMs: 50, awayMs: 10_000 } },
    });
    const isRaised = () => raised.filter(({ alarm }) => alarm === 'version_not_routed').length === queues.length;
    await until(isRaised);
    expect(await monitor.state()).toMatchObject({ versions: 'not_routed', workers: { groups: 'ok' } });
    expect(await registry.metrics()).toMatch(
      /^quittance_worker_version_seen_age_seconds\{queue="groups",build="1a2b3c"\} /m,
    );

    // Another version is there as well: which of the two is right, a person says.
    await noteWorkers(pools.worker, ['groups@4d5e6f']);
    const readPresence = async () => (await readLiveness(pools.worker)).queueAgesMs;
    await keepVersions({ client, version, readPresence, waits: defaultWaits, alarms, log });
    expect((await readDeployment(client, 'quittance'))?.versions).toMatchObject([{ state: 'inactive' }]);

    await until(async () => (await operator('list')).out.includes('groups upkeep delivery statements archive'));
    expect((await operator('list')).out).toMatch(/^1a2b3c +inactive +\S+Z +1 +0 +groups upkeep /m);
    const refused = await operator('make-current', version.buildId);
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/the replay gate of "1a2b3c" was not run/) });
    expect(await operator('rollback')).toMatchObject({ code: 1, err: expect.stringMatching(/no version that was/) });
    expect(await operator('remove', 'none')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no version "none"/),
    });
    await writeReplayMark(client, version, { at: Date.now(), replayed: 0, stopped: 0 });
    expect(await operator('make-current', version.buildId)).toMatchObject({ code: 0, out: '1a2b3c is current\n' });
    await until(async () => (await monitor.state()).versions === 'ok');
    const audit = await changes();
    expect(audit).toEqual([{ action: 'worker_version.made_current', subject: '1a2b3c' }]);
    monitor.end();
    endPresence();
  },
  inTime(120_000),
);

async function changes(): Promise<unknown[]> {
  const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url };
    execFile(process.execPath, [join(root, 'operator/main.ts'), 'audit'], { env }, (_, out) =>
      resolve({ stdout: out }),
    );
  });
  const rows = stdout.split('\n').filter((line) => line !== '');
  return rows.map((line) => JSON.parse(line)).map(({ action, subject }) => ({ action, subject }));
}
