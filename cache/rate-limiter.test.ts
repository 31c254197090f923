import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { startOwnRedis } from '../test/support/harness/redis.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';

const server = await startOwnRedis();
const testOnRedis = server ? test : test.skip;
const url = server?.url ?? 'redis://127.0.0.1:1';
const peek = new Redis(url, { lazyConnect: true });
peek.on('error', () => {});
const log = { warn: () => {} };
let opened: RateLimiter[] = [];
/** For tests of exact counts: a busy machine must not look like an absent Redis. */
const patientMs = 5_000;

beforeEach(async () => {
  opened = [];
  if (server) await peek.flushall();
});

afterEach(async () => {
  server?.thaw();
  await Promise.all(opened.map((limiter) => limiter.close()));
});

afterAll(async () => {
  peek.disconnect();
  await server?.kill();
});

test.each([1, 3, 50, 333])('without Redis, %p a second allows a burst of twice that and no more', async (perSecond) => {
  const limiter = open(null);
  const decisions = await Promise.all(Array.from({ length: perSecond * 4 }, () => limiter.take('key', perSecond)));
  expect(decisions.filter((decision) => decision.allowed)).toHaveLength(perSecond * 2);
  const refused = await limiter.take('key', perSecond);
  expect(refused).toMatchObject({ allowed: false, limit: perSecond * 2, remaining: 0 });
  expect(refused.resetMs).toBeGreaterThan(0);
  expect(refused.resetMs).toBeLessThanOrEqual(2_000);
});

test('keys do not share, and the count goes down', async () => {
  const limiter = open(null);
  expect(await limiter.take('a', 2)).toMatchObject({ allowed: true, limit: 4, remaining: 3 });
  expect(await limiter.take('a', 2)).toMatchObject({ allowed: true, remaining: 2 });
  expect(await limiter.take('b', 2)).toMatchObject({ allowed: true, remaining: 3 });
});

test('the oldest of too many keys are evicted: memory is bounded', async () => {
  const limiter = open(null);
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 30_000; n += 1) await limiter.take(`key ${n}`, 50);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  expect(await limiter.take('key 29999', 50)).toMatchObject({ allowed: true, remaining: 98 });
});

testOnRedis.each([7, 50, 333])('three processes share %p a second exactly', async (perSecond) => {
  const limiters = await Promise.all([openReady(patientMs), openReady(patientMs), openReady(patientMs)]);
  const tries = Array.from({ length: perSecond * 6 }, async (_, n) => limiters[n % 3]?.take('key', perSecond));
  const allowed = (await Promise.all(tries)).filter((decision) => decision?.allowed);
  expect(allowed).toHaveLength(perSecond * 2);
});

testOnRedis('most requests need no call to Redis', async () => {
  const limiter = await openReady();
  const before = await commandsSeen();
  for (let n = 0; n < 1_000; n += 1) expect((await limiter.take('key', 1_000)).allowed).toBe(true);
  expect((await commandsSeen()) - before).toBeLessThan(100);
});

testOnRedis(
  'Redis frozen or killed in the middle: never unlimited, never an error',
  async () => {
    for (const hurt of [() => server?.freeze(), () => server?.kill()]) {
      const limiter = await openReady();
      await limiter.take('key', 50);
      await hurt();
      const decisions = [];
      for (let n = 0; n < 400; n += 1) decisions.push(await limiter.take('key', 50));
      const allowed = decisions.filter((decision) => decision.allowed).length;
      expect(allowed).toBeGreaterThanOrEqual(90);
      expect(allowed).toBeLessThanOrEqual(110);
      server?.thaw();
    }
    await server?.start();
  },
  20_000,
);

testOnRedis('with a corrupted counter the process counts by itself', async () => {
  const limiter = await openReady();
  await peek.set('rate:key', 'many');
  const decisions = await Promise.all(Array.from({ length: 200 }, () => limiter.take('key', 50)));
  expect(decisions.filter((decision) => decision.allowed)).toHaveLength(100);
});

function open(at: string | null, askMs?: number): RateLimiter {
  const limiter = createRateLimiter({ url: at, log, ...(askMs && { askMs }) });
  opened.push(limiter);
  return limiter;
}

/** A limiter that counts in Redis by now. */
async function openReady(askMs?: number): Promise<RateLimiter> {
  const limiter = open(url, askMs);
  const deadline = performance.now() + 5_000;
  for (let n = 0; performance.now() < deadline; n += 1) {
    const probe = `probe ${opened.length} ${n}`;
    await limiter.take(probe, 1);
    if (await peek.exists(`rate:${probe}`)) return limiter;
    await sleep(10);
  }
  throw new Error('the limiter did not connect');
}

async function commandsSeen(): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await peek.info('stats'))?.[1]);
}
