import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromPublic } from '../../domain/ids.ts';
import { examine } from '../../ledger/verify/examine.ts';
import { truthPages } from '../../operator/truth.ts';
import { createHistory, endOf, type History } from '../support/harness/client-history.ts';
import { inTime } from '../support/harness/in-time.ts';
import { breaches, type TakenItem } from '../support/harness/invariants.ts';
import { type ProcessPlatform, startProcesses } from '../support/harness/processes.ts';
import { createBodies, endingOf, mulberry } from './bodies.ts';
import { type Body, post, resolve, wish } from './clients.ts';
import { type Kill, killAround } from './kills.ts';

/**
 * Transfers on both rails, over a bank that misbehaves, while API, worker and bank are killed again and again. Then every
 * client repeats what it was not told, and the books, the bank and the clients must agree: 0 lost, 0 doubled, 0 stuck.
 */
const plan = {
  transfersMin: 300,
  transfersMax: 900,
  clients: 10,
  killsOfEach: 5,
  pauseMs: 150,
  unansweredPauseMs: 3_000,
};
const bounds = {
  resolveMs: inTime(120_000),
  settleMs: inTime(150_000),
  testMs: inTime(420_000),
  setUpMs: inTime(120_000),
};
// In the test's name: TEST_SEED=<number> gives the same bodies and the same order of kills again.
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

let platform: ProcessPlatform;
let history: History<Body>;
let kills: Kill[] = [];
let passed = false;

beforeAll(async () => {
  platform = await startProcesses();
  history = createHistory(join(platform.folder, 'history.jsonl'));
}, bounds.setUpMs);
afterAll(async () => {
  history?.close();
  await platform?.end({ passed });
}, bounds.setUpMs);

test(
  `0 lost, 0 doubled, 0 stuck (seed ${seed})`,
  async () => {
    await timed('load and kills', loadAndKill);
    await timed('programs back', programsBack);
    await timed('repeats', resolveAll);
    await timed('all ended', settled);
    await tell();

    // Valid: enough transfers, and enough kills of each while transfers were submitting.
    expect(history.operations().length).toBeGreaterThanOrEqual(plan.transfersMin);
    for (const name of ['api', 'worker', 'simulator']) {
      expect([name, kills.filter((kill) => kill.name === name && kill.submitting > 0).length]).toEqual([
        name,
        plan.killsOfEach,
      ]);
    }

    // The books by themselves, and against the bank.
    expect(
      (await examine({ url: platform.database.reader, truth: truthPages(platform.truthUrl) })).filter(
        ({ breaches: n }) => n !== '0',
      ),
    ).toEqual([]);
    const truth: TakenItem[] = [];
    for await (const page of truthPages(platform.truthUrl))
      truth.push(
        ...page.map((item) => ({
          ...item,
          status: item.status === 'accepted' ? ('accepted' as const) : ('rejected' as const),
        })),
      );
    expect(await breaches(platform.pools.reader, truth)).toEqual([]);

    // The clients against the books.
    expect(await clientsAgree()).toEqual([]);
    await replaysAreTheSame();
    await verifyPasses();
    passed = true;
  },
  bounds.testMs,
);

/** Clients send at a calm pace until the kills are done and enough was sent. */
async function loadAndKill(): Promise<void> {
  const bodies = createBodies(platform.tenant.accounts, seed);
  const killed = new AbortController();
  const client = async (n: number) => {
    while (!killed.signal.aborted || history.operations().length < plan.transfersMin) {
      if (history.operations().length >= plan.transfersMax) return;
      const reply = await post(platform.apiUrl, platform.tenant.secret, history, wish(history, n, bodies()));
      await sleep(reply.type === 'info' ? plan.unansweredPauseMs : plan.pauseMs);
    }
  };
  const load = Promise.all(Array.from({ length: plan.clients }, (_, n) => client(n)));
  try {
    kills = await killAround(Object.values(platform.programs), plan.killsOfEach, {
      pools: platform.pools,
      random: mulberry(seed + 1),
    });
  } finally {
    killed.abort();
    await load;
  }
}

async function programsBack(): Promise<void> {
  for (const program of Object.values(platform.programs)) await program.whenReady();
}

/** Every client repeats its unanswered requests with the same keys until it is answered. */
async function resolveAll(): Promise<void> {
  const until = performance.now() + bounds.resolveMs;
  const mine = Array.from({ length: plan.clients }, (_, n) => history.open().filter(({ client }) => client === n));
  await Promise.all(
    mine.map(async (operations) => {
      for (const operation of operations)
        await resolve(platform.apiUrl, platform.tenant.secret, history, operation, until);
    }),
  );
  expect(history.open().map(({ key, tries }) => ({ key, tries: tries.slice(-2) }))).toEqual([]);
}

/** Waits until no transfer waits for anything. Its failure names those that stand still. */
async function settled(): Promise<void> {
  const deadline = Date.now() + bounds.settleMs;
  for (;;) {
    const { rows } = await platform.pools.root.query(
      "select id, state, next_what, next_at, waiting_for, destination_bank ->> 'accountNumber' as account from ledger.transfer where state in ('scheduled', 'submitting', 'unknown') order by id",
    );
    if (rows.length === 0) return;
    if (Date.now() > deadline) expect(rows).toEqual([]);
    await sleep(500);
  }
}

/** Every key has one transfer over what was asked, which ended as its account number says; and nothing is there unasked. */
async function clientsAgree(): Promise<string[]> {
  const { rows } = await platform.pools.root.query<{
    id: string;
    key: string;
    amount: string;
    state: string;
    rail: string;
  }>(
    'select id, idempotency_key as key, amount::text as amount, state, rail from ledger.transfer where tenant_id = $1',
    [platform.tenant.id],
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const wrong: string[] = [];
  for (const operation of history.operations()) {
    const { key, body } = operation;
    const reply = endOf(operation);
    const row = byKey.get(key);
    const state = reply?.type === 'fail' ? 'declined' : endingOf(body);
    if (!row) wrong.push(`lost: ${key}`);
    else if (row.id !== fromPublic('transfer', reply?.transferId ?? ''))
      wrong.push(`another transfer than was answered: ${key}`);
    else if (row.amount !== body.amount || row.rail !== body.rail) wrong.push(`not what was asked: ${key}`);
    else if (row.state !== state)
      wrong.push(`${row.id} ended ${row.state}, not ${state}: ${JSON.stringify(body.destination)}`);
    const ids = new Set(operation.tries.flatMap(({ transferId }) => transferId ?? []));
    if (ids.size > 1) wrong.push(`two transfers under ${key}: ${[...ids].join(' ')}`);
  }
  // What opened the accounts did not come from these clients.
  const own = new Set(history.operations().map(({ key }) => key));
  const unasked = rows.filter(({ key }) => !own.has(key)).length;
  if (unasked !== platform.tenant.accounts.length) wrong.push(`${unasked} transfers that no client asked for`);
  return wrong;
}

/** A sample of the answered requests once more: the same transfer, and no money moves. */
async function replaysAreTheSame(): Promise<void> {
  const before = await platform.pools.root.query(
    'select sum(debit_posted)::text as posted, count(*)::text as n from ledger.balance',
  );
  for (const operation of history.operations().filter(({ id }) => id % 10 === 0)) {
    const first = endOf(operation);
    const again = await resolve(
      platform.apiUrl,
      platform.tenant.secret,
      history,
      operation,
      performance.now() + bounds.resolveMs,
    );
    expect(again).toMatchObject({
      type: first?.type,
      status: first?.status,
      transferId: first?.transferId,
      isReplay: true,
    });
  }
  const after = await platform.pools.root.query(
    'select sum(debit_posted)::text as posted, count(*)::text as n from ledger.balance',
  );
  expect(after.rows).toEqual(before.rows);
}

/** `npm run verify` as an operator calls it. */
async function verifyPasses(): Promise<void> {
  const program = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
  const { PATH = '', HOME = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, 'verify', '--json', '--truth', platform.truthUrl],
    {
      env: { PATH, HOME, DATABASE_URL: platform.database.reader },
    },
  );
  expect(JSON.parse(stdout)).toMatchObject({ sound: true });
}

/** What the run met on its way: a fault test that saw no doubt has proven little. */
async function tell(): Promise<void> {
  const operations = history.operations();
  const unanswered = operations.filter(({ tries }) => tries[0]?.type === 'info').length;
  const { rows } = await platform.pools.root.query<{ cause: string; n: string }>(
    'select cause, count(*)::text as n from ledger.event group by 1 order by 1',
  );
  say(
    `${operations.length} transfers, ${unanswered} first answers lost; submitting at the kills: ${kills.map((kill) => kill.submitting).join(' ')}`,
  );
  say(`events: ${rows.map(({ cause, n }) => `${cause} ${n}`).join(', ')}; logs in ${platform.folder}`);
}

async function timed<T>(phase: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const done = await work();
  say(`${phase}: ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  return done;
}

const say = (line: string): void => void process.stderr.write(`kills: ${line}\n`);
