import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { inTime } from '../test/support/harness/in-time.ts';
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

/** At once, and what is filled up while a test takes its time. */
const mostIn = (perSecond: number, sinceMs: number): number =>
  perSecond + Math.ceil((perSecond * (performance.now() - sinceMs)) / 1_000);

test.each([1, 3, 50, 333])('without Redis, %p a second allows as many at once and no more', async (perSecond) => {
  const limiter = open(null);
  const since = performance.now();
  const decisions = await Promise.all(Array.from({ length: perSecond * 4 }, () => limiter.take('key', perSecond)));
  const allowed = decisions.filter((decision) => decision.allowed).length;
  expect(allowed).toBeGreaterThanOrEqual(perSecond);
  expect(allowed).toBeLessThanOrEqual(mostIn(perSecond, since));
  const refused = decisions.find((decision) => !decision.allowed);
  expect(refused).toMatchObject({ limit: perSecond, remaining: 0 });
  expect(refused?.retryMs).toBeGreaterThan(0);
  expect(refused?.retryMs).toBeLessThanOrEqual(1_000);
  expect(refused?.resetMs).toBeLessThanOrEqual(1_000);
});

test('keys do not share, and the count goes down', async () => {
  const limiter = open(null);
  expect(await limiter.take('a', 4)).toMatchObject({ allowed: true, limit: 4, remaining: 3, retryMs: 0 });
  expect(await limiter.take('a', 4)).toMatchObject({ allowed: true, limit: 4 });
  expect(await limiter.take('b', 4)).toMatchObject({ allowed: true, remaining: 3 });
});

test('the oldest of too many keys are evicted: memory is bounded', async () => {
  const limiter = open(null);
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 30_000; n += 1) await limiter.take(`key ${n}`, 50);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
  expect(await limiter.take('key 29999', 50)).toMatchObject({ allowed: true });
  expect(await limiter.take('key 0', 50)).toMatchObject({ allowed: true, remaining: 49 });
});

testOnRedis.each([7, 50, 333])('three processes share %p a second exactly', async (perSecond) => {
  const limiters = await Promise.all([openReady(patientMs), openReady(patientMs), openReady(patientMs)]);
  const since = performance.now();
  const tries = Array.from({ length: perSecond * 6 }, async (_, n) => limiters[n % 3]?.take('key', perSecond));
  const allowed = (await Promise.all(tries)).filter((decision) => decision?.allowed).length;
  expect(allowed).toBeGreaterThanOrEqual(perSecond);
  expect(allowed).toBeLessThanOrEqual(mostIn(perSecond, since));
});

testOnRedis('no border lets twice as many pass: not in any second of three, with two processes', async () => {
  const limiters = await Promise.all([openReady(patientMs), openReady(patientMs)]);
  const perSecond = 20;
  const since = performance.now();
  const passedAt: number[] = [];
  while (performance.now() - since < 3_000) {
    // What was in flight may have passed at any time since then.
    const now = performance.now();
    const decisions = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => limiters[n % 2]?.take('key', perSecond)),
    );
    for (const decision of decisions) if (decision?.allowed) passedAt.push(now);
    await sleep(5);
  }
  // The rate times one and the time, and what each process may have kept.
  expect(passedAt.length).toBeLessThanOrEqual(mostIn(perSecond, since) + 2 * (perSecond / 10));
  expect(passedAt.length).toBeGreaterThan(perSecond);
});

testOnRedis.each([
  ['words', 'many'],
  ['a negative use', '-1000000000.0:0'],
  ['a time far ahead', `50.0:${'9'.repeat(30)}`],
  ['figures without an end', `${'9'.repeat(400)}.0:0`],
])('a value of another form in Redis gives no more than a full bucket: %s', async (_, value) => {
  const limiter = await openReady(patientMs);
  await peek.set('rate:key', value);
  const since = performance.now();
  const decisions = await Promise.all(Array.from({ length: 200 }, () => limiter.take('key', 50)));
  expect(decisions.filter((decision) => decision.allowed).length).toBeLessThanOrEqual(mostIn(50, since));
  expect(await peek.pttl('rate:key')).toBeGreaterThan(0);
  // Whatever it was, it is ours a second later.
  while (!(await limiter.take('key', 50)).allowed) await sleep(50);
});

testOnRedis('a list in its place is replaced', async () => {
  const limiter = await openReady(patientMs);
  await peek.rpush('rate:key', '1');
  expect(await limiter.take('key', 50)).toMatchObject({ allowed: true, remaining: 49 });
  expect(await peek.type('rate:key')).toBe('string');
});

testOnRedis('most requests need no call to Redis', async () => {
  const limiter = await openReady();
  const before = await commandsSeen();
  for (let n = 0; n < 1_000; n += 1) expect((await limiter.take('key', 1_000)).allowed).toBe(true);
  expect((await commandsSeen()) - before).toBeLessThan(100);
});

testOnRedis('Redis frozen or killed in the middle: never unlimited, never an error', async () => {
  for (const hurt of [() => server?.freeze(), () => server?.kill()]) {
    const limiter = await openReady();
    await limiter.take('key', 50);
    const since = performance.now();
    await hurt();
    const decisions = [];
    for (let n = 0; n < 400; n += 1) decisions.push(await limiter.take('key', 50));
    const allowed = decisions.filter((decision) => decision.allowed).length;
    expect(allowed).toBeGreaterThanOrEqual(45);
    expect(allowed).toBeLessThanOrEqual(mostIn(50, since));
    server?.thaw();
  }
  await server?.start();
});

function open(at: string | null, askMs?: number): RateLimiter {
  const limiter = createRateLimiter({ url: at, log, ...(askMs && { askMs }) });
  opened.push(limiter);
  return limiter;
}

/** A limiter that counts in Redis by now. */
async function openReady(askMs?: number): Promise<RateLimiter> {
  const limiter = open(url, askMs);
  // Its own, also when several open at once: what another one wrote says nothing of this one.
  const nth = opened.length;
  const deadline = performance.now() + inTime(20_000);
  for (let n = 0; performance.now() < deadline; n += 1) {
    const probe = `probe ${nth} ${n}`;
    await limiter.take(probe, 1);
    if (await peek.exists(`rate:${probe}`)) return limiter;
    await sleep(10);
  }
  throw new Error('the limiter did not connect');
}

async function commandsSeen(): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await peek.info('stats'))?.[1]);
}
