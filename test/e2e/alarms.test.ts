import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHistory, type History } from '../support/harness/client-history.ts';
import { inTime } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { read } from '../support/tree.ts';
import { type Body, resolve, wish } from './clients.ts';

/** The platform as processes, its workers with a version and the sweep of production: no alarm while all is well, and one when a role is missing. */
let platform: ProcessPlatform;
let history: History<Body>;
let passed = false;
beforeAll(async () => {
  const settings = { SWEEP_GRACE_MS: '20000', SWEEP_EVERY_MS: '20000', WORKER_BUILD_ID: '1a2b3c' };
  platform = await startProcesses({ env: () => settings });
  history = createHistory(join(platform.folder, 'history.jsonl'));
}, inTime(120_000));
afterAll(async () => {
  history?.close();
  await platform?.end({ passed });
}, inTime(120_000));

type Line = { alarm?: string; queue?: string };

/** The alarms in the log of a program. */
function alarmsOf(name: 'api' | 'worker'): Line[] {
  const lines = readFileSync(join(platform.folder, `${name}.log`), 'utf8').split('\n');
  return lines
    .filter((line) => line.includes('"alarm":'))
    .map((line): Line => JSON.parse(line.slice(line.indexOf('{'))));
}

const health = async () => (await (await fetch(`${platform.apiUrl}/health`)).json()) as Record<string, unknown>;

function body(n: number): Body {
  const [from = '', to = ''] = [platform.tenant.accounts[n % 24], platform.tenant.accounts[(n + 1) % 24]];
  const terms = { amount: '5', currency: 'USD', source: { account_id: from } };
  if (n % 2 === 0) return { ...terms, rail: 'book', destination: { account_id: to } };
  const bank = { routing_number: '021000021', account_number: '1234567890', name: 'Grace Hopper' };
  return { ...terms, rail: 'instant', destination: { bank } };
}

async function move(transfers: number): Promise<void> {
  const one = async (n: number) =>
    await resolve(
      platform.apiUrl,
      platform.tenant.secret,
      history,
      wish(history, n, body(n)),
      performance.now() + inTime(60_000),
    );
  await Promise.all(Array.from({ length: transfers }, (_, n) => one(n)));
  const open = "select 1 from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')";
  while ((await platform.pools.root.query(open)).rowCount !== 0) await sleep(100);
}

test(
  'a start and a load raise no alarm, and health is ok',
  async () => {
    await move(60);
    // Until a sweep has finished, and two looks of every monitor have seen it.
    while ((await platform.pools.root.query("select 1 from ledger.upkeep_run where name = 'sweep'")).rowCount === 0)
      await sleep(200);
    await sleep(21_000);
    expect([...alarmsOf('api'), ...alarmsOf('worker')]).toEqual([]);
    expect(await health()).toMatchObject({
      status: 'ok',
      workers: { groups: 'ok', upkeep: 'ok', delivery: 'ok', statements: 'ok', archive: 'ok', 'rail-instant': 'ok' },
      sweep: 'ok',
      archive: 'ok',
      clock: 'ok',
      versions: 'ok',
    });
  },
  inTime(180_000),
);

test('every metric of the alert rules is exported', async () => {
  const pages = await Promise.all(platform.metricsUrls.map(async (url) => (await fetch(url)).text()));
  // API and workers show that they were made with the same workflows.
  const builds = pages.map((page) => /^quittance_build_info\{.*workflows="([0-9a-f]{16})"\} 1$/m.exec(page)?.[1]);
  expect(builds[0]).toBeDefined();
  expect(new Set(builds).size).toBe(1);
  // Nobody made the version current: it is the first one.
  const served = /^quittance_worker_version_seen_age_seconds\{queue="groups",build="1a2b3c"\} /m;
  expect(pages.filter((page) => served.test(page))).toHaveLength(2);
  const exported = new Set([...pages.join('\n').matchAll(/^([a-z_]+)(?:\{| )/gm)].map(([, name]) => name));
  // The scaler is a program of its own, and has these from its first measurement on: worker/scaler/main.test.ts.
  exported.add('quittance_service_backlog');
  // Appears with the first failure: see worker/task-failures.test.ts.
  exported.add('temporal_workflow_task_execution_failed_total');
  const named = [...read('telemetry/alarms/rules.yml').matchAll(/\b(?:quittance|temporal)_[a-z_]+/g)].map(
    ([name]) => name,
  );
  expect(named.length).toBeGreaterThan(20);
  expect([...new Set(named)].filter((name) => !exported.has(name) && !onlyWithCause.has(name))).toEqual([]);
});

/** Have a value only once there was something to measure; their names are declared all the same. */
const onlyWithCause = new Set(['quittance_database_errors_total', 'quittance_transfers_attention']);

test(
  'without any worker the API raises the alarm for each queue, and health says it',
  async () => {
    await platform.programs.worker.stop();
    expect(alarmsOf('worker')).toEqual([]);
    const queues = ['archive', 'delivery', 'groups', 'rail-instant', 'statements', 'upkeep'];
    const missing = () =>
      alarmsOf('api')
        .filter(({ alarm }) => alarm === 'workers_missing')
        .map(({ queue }) => queue);
    while (!queues.every((queue) => missing().includes(queue))) await sleep(500);
    expect(await health()).toMatchObject({ status: 'degraded', workers: { groups: 'away', 'rail-instant': 'away' } });
    const raised = () => new Set(alarmsOf('api').map(({ alarm }) => alarm));
    const expected = ['workers_missing', 'sweep_late', 'dispatcher_late', 'hold_expiry_late', 'statement_runs_late'];
    while (!expected.every((alarm) => raised().has(alarm))) await sleep(500);
    await platform.programs.api.stop();
    expect(raised()).toEqual(new Set(expected));
    passed = true;
  },
  inTime(240_000),
);
