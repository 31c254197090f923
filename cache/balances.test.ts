import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { BalanceReading } from '../domain/account.ts';
import { inTime } from '../test/support/harness/in-time.ts';
import { startOwnRedis } from '../test/support/harness/redis.ts';
import { type BalanceCache, createBalanceCache } from './balances.ts';
import { packBalance } from './packed-balance.ts';

const server = await startOwnRedis();
const testOnRedis = server ? test : test.skip;
const url = server?.url ?? 'redis://127.0.0.1:1';
const peek = new Redis(url, { lazyConnect: true });
peek.on('error', () => {});

const account = '019aa5d3-7c00-7abc-8def-0123456789ab';
const key = `1:bal:${account}`;
const macKey = Buffer.alloc(32, 7);
const readMacKey = () => Promise.resolve(macKey);
const log = { lines: [] as string[], warn: (_: unknown, sentence: string) => void log.lines.push(sentence) };
/** Long timeouts, because most of these tests are about what is found and not how soon: the machine may be busy. */
const waits = { putMs: 5_000, putMaxMs: 5_000, getMs: 5_000 };
let cache: BalanceCache;
/** With the timeouts of the platform. */
let quick: BalanceCache;
/** Calls of `quick` that failed or were not answered in time. */
let failures = 0;

beforeEach(async () => {
  log.lines = [];
  if (!server) return;
  await peek.flushall();
  cache = createBalanceCache({ url, log, waits, readMacKey });
  quick = createBalanceCache({
    url,
    log,
    readMacKey,
    onFailure: () => {
      failures += 1;
    },
  });
  await Promise.all([untilReady(cache), untilReady(quick)]);
  log.lines = [];
  failures = 0;
});

afterEach(async () => {
  server?.thaw();
  await cache?.close();
  await quick?.close();
});

afterAll(async () => {
  peek.disconnect();
  await server?.kill();
});

testOnRedis('a balance that was put is read back with every figure', async () => {
  await cache.put([reading('7', { posted: '-12345678901234567', held: '9', seq: '3' })]);
  expect(await cache.get(account)).toEqual({ version: 7n, posted: -12345678901234567n, held: 9n, seq: 3n });
  const left = await peek.pttl(key);
  expect(left > 0 && left <= 5_000).toBe(true);
});

testOnRedis('a value older than the reader has seen is a miss', async () => {
  await cache.put([reading('7')]);
  expect(await cache.get(account, 7n)).not.toBeNull();
  expect(await cache.get(account, 8n)).toBeNull();
});

testOnRedis.each([
  ['2', '10'],
  ['9', '10'],
  ['9007199254740992', '9007199254740993'],
  ['999999999999999999', '1000000000000000000'],
  ['9223372036854775806', '9223372036854775807'],
])('of versions %s and %s the higher stays, whichever comes first', async (older, newer) => {
  await cache.put([reading(older, { posted: '1' })]);
  await cache.put([reading(newer, { posted: '2' })]);
  await cache.put([reading(older, { posted: '1' })]);
  expect(await cache.get(account)).toMatchObject({ version: BigInt(newer), posted: 2n });
});

testOnRedis('five hundred accounts are put in one call', async () => {
  const many = Array.from({ length: 500 }, (_, n) => ({
    ...reading('1'),
    accountId: `account-${n}`,
    posted: String(n),
  }));
  await cache.put(many);
  expect(await cache.get('account-0')).toMatchObject({ posted: 0n });
  expect(await cache.get('account-499')).toMatchObject({ posted: 499n });
});

testOnRedis('another epoch does not see the values of the one before', async () => {
  await cache.put([reading('7')]);
  const next = createBalanceCache({ url, log, epoch: 2, waits, readMacKey });
  await untilReady(next);
  expect(await next.get(account)).toBeNull();
  await next.close();
});

testOnRedis.each([
  ['an empty text', (redis: Redis) => redis.set(key, '', 'PX', 5_000)],
  ['words', (redis: Redis) => redis.set(key, 'a lot of money', 'PX', 5_000)],
  ['a number', (redis: Redis) => redis.set(key, '99', 'PX', 5_000)],
  ['a fraction', (redis: Redis) => redis.set(key, '8:1.5:0:1', 'PX', 5_000)],
  ['figures beyond a bigint', (redis: Redis) => redis.set(key, `8:${'9'.repeat(40)}:0:1`, 'PX', 5_000)],
  ['a version beyond a bigint', (redis: Redis) => redis.set(key, `${'9'.repeat(40)}:5:0:1`, 'PX', 5_000)],
  ['a line break', (redis: Redis) => redis.set(key, '8:5:0:1\n', 'PX', 5_000)],
  ['bytes', (redis: Redis) => redis.set(key, Buffer.from([0, 255, 10]), 'PX', 5_000)],
  ['a megabyte', (redis: Redis) => redis.set(key, '9'.repeat(1_000_000), 'PX', 5_000)],
  ['a list', (redis: Redis) => redis.rpush(key, '8:5:0:1').then(() => redis.pexpire(key, 5_000))],
  ['a hash', (redis: Redis) => redis.hset(key, 'version', '8').then(() => redis.pexpire(key, 5_000))],
])('corrupted with %s: a miss, and the next put repairs it', async (_, poison) => {
  await poison(peek);
  expect(await cache.get(account)).toBeNull();
  await cache.put([reading('7', { posted: '70' })]);
  expect(await cache.get(account)).toMatchObject({ version: 7n, posted: 70n });
});

testOnRedis('a planted value without an expiry is replaced, however high its version', async () => {
  await peek.set(key, '9000000000000000000:1:0:1');
  await cache.put([reading('7')]);
  expect(await cache.get(account)).toMatchObject({ version: 7n });
});

testOnRedis(
  'a planted balance under the true version is a miss, and corrected by the next reader of Postgres',
  async () => {
    const forged = packBalance(reading('7', { posted: '999999' }), { key, macKey: Buffer.alloc(32), now: Date.now() });
    await peek.set(key, forged, 'PX', 5_000);
    expect(await cache.get(account)).toBeNull();
    await cache.put([reading('7', { posted: '70' })]);
    expect(await cache.get(account)).toMatchObject({ posted: 70n });
  },
);

testOnRedis(
  'the writer with its highest token never reads older than it wrote, in any order of reads and lost writes',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0n, 8n, 98n, 9007199254740990n, 999999999999999995n),
        fc.array(step, { minLength: 1, maxLength: 60 }),
        (first, steps) => runProtocol(first, steps),
      ),
      { numRuns: 150 },
    );
  },
);

testOnRedis('a frozen Redis delays a few reads, then only probes, and works again afterwards', async () => {
  server?.freeze();
  const from = performance.now();
  for (let n = 0; n < 20; n += 1) await quick.get(account);
  await quick.put([reading('8')]);
  const probesMax = Math.floor((performance.now() - from) / 1_000);
  expect(failures).toBeGreaterThanOrEqual(5);
  expect(failures).toBeLessThanOrEqual(5 + probesMax);
  expect(log.lines.length).toBeLessThanOrEqual(1);
  expect(quick.isUp()).toBe(false);
  server?.thaw();
  await untilReady(quick);
  expect(quick.isUp()).toBe(true);
});

testOnRedis('put does not wait until a frozen Redis has failed: its write goes on in the background', async () => {
  server?.freeze();
  // One put only: later ones meet the end of the silent socket as well, which is a failure of its own.
  // Its two timers, of 5 and 250 ms, end one after the other however late both are.
  await quick.put([reading('1')]);
  expect(failures).toBe(0);
  while (failures === 0) await sleep(10);
});

testOnRedis('a Redis that is killed misses immediately, and is used again when it is back, empty', async () => {
  await cache.put([reading('7')]);
  await server?.kill();
  // Until the link notices, a read may still wait for an answer.
  while (quick.isUp()) await sleep(1);
  for (let n = 0; n < 50; n += 1) {
    expect(await isImmediate(quick.get(account))).toBe(true);
    expect(await isImmediate(quick.put([reading('8')]))).toBe(true);
  }
  await server?.start();
  await Promise.all([untilReady(cache), untilReady(quick)]);
  expect(await cache.get(account)).toBeNull();
});

testOnRedis('an emptied Redis is a miss, and its lost scripts do no harm', async () => {
  await cache.put([reading('7')]);
  await peek.flushall();
  await peek.script('FLUSH');
  expect(await cache.get(account)).toBeNull();
  await cache.put([reading('8')]);
  expect(await cache.get(account)).toMatchObject({ version: 8n });
});

test('without Redis, or with one that is not there, it always misses and never fails', async () => {
  for (const nowhere of [null, 'redis://127.0.0.1:1']) {
    const none = createBalanceCache({ url: nowhere, log, readMacKey });
    await none.put([reading('7')]);
    expect(await none.get(account)).toBeNull();
    expect(none.isUp()).toBe(false);
    await none.close();
  }
  expect(log.lines.length).toBeLessThanOrEqual(1);
});

type Step =
  | { do: 'write'; lost: boolean; late: boolean }
  | { do: 'read'; who: 'writer' | 'other'; late: boolean }
  | { do: 'deliver'; which: number }
  | { do: 'evict' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), lost: chance(10), late: chance(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      who: fc.constantFrom('writer', 'other'),
      late: chance(2),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver' as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'evict' as const }) },
);

function chance(oneIn: number): fc.Arbitrary<boolean> {
  return fc.nat(oneIn - 1).map((n) => n === 0);
}

/** The database is one number; its balance at version v is v. Puts that are `late` reach Redis in any order, later. */
async function runProtocol(first: bigint, steps: Step[]): Promise<void> {
  await peek.flushall();
  let inDatabase = first;
  let token = first;
  let inRedis = 0n;
  const onTheirWay: bigint[] = [];
  const arrive = async (version: bigint) => {
    await cache.put([reading(String(version), { posted: String(version) })]);
    const now = BigInt((await peek.get(key))?.split(':')[0] ?? -1);
    // Without an eviction Redis never goes back.
    expect(now >= inRedis && now >= version).toBe(true);
    inRedis = now;
  };
  for (const at of steps) {
    if (at.do === 'write') {
      inDatabase += 1n;
      token = inDatabase;
      if (at.late) onTheirWay.push(inDatabase);
      else if (!at.lost) await arrive(inDatabase);
    } else if (at.do === 'deliver') {
      for (const version of onTheirWay.splice(at.which % Math.max(onTheirWay.length, 1), 1)) await arrive(version);
    } else if (at.do === 'evict') {
      await peek.del(key);
      inRedis = 0n;
    } else {
      const known = at.who === 'writer' ? token : 0n;
      const cached = await cache.get(account, known);
      const seen = cached?.version ?? inDatabase;
      expect(seen >= known && seen <= inDatabase).toBe(true);
      expect(cached?.posted ?? seen).toBe(seen);
      if (cached) continue;
      if (at.late) onTheirWay.push(seen);
      else await arrive(seen);
    }
  }
}

function reading(version: string, figures: Partial<BalanceReading> = {}): BalanceReading {
  return { accountId: account, version, posted: '1', held: '0', seq: '1', ...figures };
}

/** Whether it ends before the event loop turns: without a timer, and without a byte from anywhere. */
const isImmediate = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), nextTurn(false)]);

/** The link connects in the background: wait until a value goes there and back. */
async function untilReady(opened: BalanceCache): Promise<void> {
  const deadline = performance.now() + inTime(20_000);
  const probe = { ...reading('1'), accountId: 'probe' };
  for (;;) {
    await opened.put([probe]);
    if (await opened.get('probe')) return;
    if (performance.now() > deadline) throw new Error('the cache did not connect');
    await sleep(10);
  }
}
