import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { examine } from '../../ledger/verify/examine.ts';
import { truthPages } from '../../operator/truth.ts';
import { createHistory, endOf, type History } from '../support/harness/client-history.ts';
import { inTime } from '../support/harness/in-time.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { type OwnRedis, startOwnRedis } from '../support/harness/redis.ts';
import { createBodies, mulberry } from './bodies.ts';
import { type Body, post, resolve, wish } from './clients.ts';
import { killAround } from './kills.ts';

/**
 * Two APIs and two workers on one ledger, one Temporal and one Redis, as an installation that has outgrown one machine has them.
 * Every client sends to both APIs in turn and repeats at the other one, while each of the four is killed and Redis is started again.
 */
const plan = { transfersMin: 150, transfersMax: 600, clients: 8, pauseMs: 150, killsOfEach: 1 };
const bounds = { setUpMs: inTime(120_000), testMs: inTime(300_000), endMs: inTime(120_000) };
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

let redis: OwnRedis | null;
let platform: ProcessPlatform;
let history: History<Body>;
let passed = false;

beforeAll(async () => {
  redis = await startOwnRedis();
  const url = redis?.url;
  platform = await startProcesses({ twoOfEach: true, env: () => (url ? { REDIS_URL: url } : {}) });
  history = createHistory(join(platform.folder, 'history.jsonl'));
}, bounds.setUpMs);
afterAll(async () => {
  history?.close();
  await platform?.end({ passed });
  await redis?.kill();
}, bounds.setUpMs);

test(
  `each key is one transfer, whichever API is asked and whichever worker carries it (seed ${seed})`,
  async () => {
    const { seconds, programs, tenant, pools } = platform;
    if (!seconds) throw new Error('the second pair is missing');
    const apis = [platform.apiUrl, seconds.apiUrl];
    const apiOf = (n: number): string => apis[n % 2] ?? '';
    const four = [programs.api, programs.worker, seconds.api, seconds.worker];
    const bodies = createBodies(tenant.accounts, seed);
    const killed = new AbortController();
    const client = async (n: number) => {
      for (let i = n; !killed.signal.aborted || history.operations().length < plan.transfersMin; i += 1) {
        if (history.operations().length >= plan.transfersMax) return;
        await post(apiOf(i), tenant.secret, history, wish(history, n, bodies()));
        await sleep(plan.pauseMs);
      }
    };
    const load = Promise.all(Array.from({ length: plan.clients }, (_, n) => client(n)));
    try {
      await killAround(four, plan.killsOfEach, { pools, random: mulberry(seed + 1) });
      await redis?.kill();
      await sleep(plan.pauseMs);
      await redis?.start();
    } finally {
      killed.abort();
      await load;
    }
    await Promise.all(four.map((program) => program.whenReady()));
    await untilBothSend((n) => post(apiOf(n), tenant.secret, history, wish(history, n % plan.clients, bodies())));

    // Every request once more, at the API that it was not sent to first.
    const until = performance.now() + bounds.endMs;
    for (const operation of history.operations())
      await resolve(apiOf(operation.id + operation.client + 1), tenant.secret, history, operation, until);
    await settled();
    expect(history.open()).toEqual([]);
    const split = history
      .operations()
      .filter(({ tries }) => new Set(tries.flatMap((one) => one.transferId ?? [])).size > 1);
    expect(split.map(({ key }) => key)).toEqual([]);
    const { rows } = await pools.root.query<{ n: number }>(
      'select count(*)::int as n from ledger.transfer where idempotency_key = any ($1)',
      [history.operations().map(({ key }) => key)],
    );
    expect(rows[0]?.n).toBe(history.operations().filter((operation) => endOf(operation)?.transferId != null).length);
    const findings = await examine({ url: platform.database.reader, truth: truthPages(platform.truthUrl) });
    expect(findings.filter(({ breaches, verdict }) => breaches !== '0' && verdict === 'books')).toEqual([]);
    passed = true;
  },
  bounds.testMs,
);

async function settled(): Promise<void> {
  const deadline = Date.now() + bounds.endMs;
  for (;;) {
    const { rows } = await platform.pools.root.query(
      "select id, state, next_what, waiting_for from ledger.transfer where state in ('scheduled', 'submitting', 'unknown')",
    );
    if (rows.length === 0) return;
    if (Date.now() > deadline) expect(rows).toEqual([]);
    await sleep(500);
  }
}

/** A pair of which one does nothing would prove nothing: transfers are sent until both workers have put some on the rail. */
async function untilBothSend(one: (n: number) => Promise<unknown>): Promise<void> {
  const urls = [platform.metricsUrls[1] ?? '', platform.seconds?.workerMetricsUrl ?? ''];
  const deadline = Date.now() + bounds.endMs;
  for (let n = 0; !(await Promise.all(urls.map(hasSent))).every(Boolean); n += plan.clients) {
    if (Date.now() > deadline) throw new Error('one of the workers sent nothing');
    await Promise.all(Array.from({ length: plan.clients }, (_, i) => one(n + i)));
  }
}

const hasSent = async (url: string): Promise<boolean> =>
  /^quittance_sends_total\{.*\} [1-9]/m.test(await (await fetch(url)).text());
