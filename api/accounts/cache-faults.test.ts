import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { packBalance } from '../../cache/packed-balance.ts';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { readCacheKey } from '../../ledger/access/seal.ts';
import { type Api, aKey, freshApi } from '../../test/support/harness/api.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { startOwnRedis } from '../../test/support/harness/redis.ts';

const { pools, accounts, another } = freshApi();
const started = await startOwnRedis();
check(started, 'this machine has a Redis');
const server = started;
const admin = new Redis(server.url);
admin.on('error', () => {});
let api: Api;
let ada: string;
let grace: string;
let macKey: Buffer;
/** What Grace has: the book says so after each fault. */
let posted = 0;

beforeEach(async () => {
  if (macKey !== undefined) return;
  api = await another({ redisUrl: server.url });
  [ada, grace] = [toPublic('account', accounts.ada), toPublic('account', accounts.grace)];
  macKey = await readCacheKey(pools.api);
  await untilCached();
});

afterAll(async () => {
  server.thaw();
  admin.disconnect();
  await server.kill();
});

const key = () => `1:bal:${accounts.grace}`;

/** Moves a cent from Ada to Grace and reads both ways: with the token that the move answered, and without. */
async function moveAndRead(): Promise<void> {
  const moved = await post(ada, grace, '1');
  expect([moved.status, moved.text]).toEqual([201, moved.text]);
  posted += 1;
  const token = moved.headers['ledger-token'];
  check(token, 'an entry answers with a token');
  const own = await readBalance(token);
  expect(own.body.posted).toBe(String(posted));
  const other = await readBalance();
  expect(other.status).toBe(200);
  // A reader without a token may be shown the balance before, never one that the book has not had.
  expect(Number(other.body.posted)).toBeLessThanOrEqual(posted);
}

const post = (from: string, to: string, amount: string) =>
  api.call('/v1/entries', {
    body: { legs: [{ debit_account_id: from, credit_account_id: to, amount, currency: 'USD' }] },
    key: aKey(),
  });

const readBalance = (token?: string) =>
  api.call(`/v1/accounts/${grace}/balance`, token === undefined ? {} : { headers: { 'ledger-token': token } });

/** A fault has ended when a balance is written into Redis again and read from there. */
async function untilCached(): Promise<void> {
  await until(async () => {
    await readBalance();
    return (await admin.exists(key()).catch(() => 0)) === 1;
  });
}

/** Money that the book does not have is not spent, whatever the cache shows. */
async function refusesTooMuch(): Promise<void> {
  const refused = await post(grace, ada, '1000000');
  expect([refused.status, refused.body.code]).toEqual([422, 'insufficient_funds']);
}

/** Moves until the work has ended, so that the fault comes in between. */
async function inTraffic(fault: () => Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const traffic = (async () => {
    do await moveAndRead();
    while (!hasEnded);
  })();
  await fault();
  hasEnded = true;
  await traffic;
  await moveAndRead();
}

const faults: [string, { begin: () => Promise<unknown>; end: () => Promise<unknown> }][] = Object.entries({
  emptied: { begin: () => admin.flushall(), end: async () => {} },
  frozen: {
    begin: async () => server.freeze(),
    end: async () => server.thaw(),
  },
  'paused for its clients': {
    begin: () => admin.call('CLIENT', 'PAUSE', '500', 'ALL'),
    end: () => admin.ping(),
  },
  'out of memory': {
    begin: () =>
      admin.config('SET', 'maxmemory-policy', 'noeviction').then(() => admin.config('SET', 'maxmemory', '1')),
    end: () => admin.config('SET', 'maxmemory', '0'),
  },
  'a replica whose primary is gone': {
    begin: () => admin.replicaof('127.0.0.1', 1),
    end: () => admin.replicaof('NO', 'ONE'),
  },
  restarted: {
    begin: () => server.kill(),
    end: () => server.start(),
  },
  'cut off from its clients': {
    begin: () => admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    end: async () => {},
  },
});

test.each(faults)(
  '%s in mid-traffic: money is moved, and nobody is shown less than it knows',
  async (_, { begin, end }) => {
    await inTraffic(begin);
    await moveAndRead();
    await refusesTooMuch();
    await end();
    await untilCached();
    await moveAndRead();
  },
  inTime(60_000),
);

/** A value as somebody would write it who can write into Redis, over figures that look like the book's. */
const figures = (version: string) => ({
  accountId: accounts.grace,
  version,
  posted: '99000000',
  held: '0',
  seq: '999',
});
const forged = (version: string) =>
  packBalance(figures(version), { key: key(), macKey: Buffer.alloc(32), now: Date.now() });

test.each([
  ['newer', () => forged('9000000000000000000')],
  ['older', () => forged('1')],
  ['in another form', () => '9000000000000000000:99000000:0:999'],
  ['not a balance', () => 'a lot of money'],
  [
    'of another account',
    () => packBalance(figures('900'), { key: `1:bal:${accounts.funding}`, macKey, now: Date.now() }),
  ],
  ['a minute old', () => packBalance(figures('900'), { key: key(), macKey, now: Date.now() - 60_000 })],
  ['a minute ahead', () => packBalance(figures('900'), { key: key(), macKey, now: Date.now() + 60_000 })],
])(
  'a planted value that is %s is not shown, with or without a token, and decides nothing',
  async (_, plant) => {
    for (const expiresInMs of [null, 5_000, 3_600_000]) {
      await admin.set(key(), plant());
      if (expiresInMs !== null) await admin.pexpire(key(), expiresInMs);
      expect((await readBalance()).body).toMatchObject({ posted: String(posted), held: '0' });
      await admin.set(key(), plant());
      await moveAndRead();
      await refusesTooMuch();
    }
    await admin.del(key());
  },
  inTime(60_000),
);

test('an older value that a program wrote is shown for its time to live at most, and never to who knows a newer one', async () => {
  const { body, headers } = await readBalance();
  const place = { key: key(), macKey };
  const old = (now: number) =>
    packBalance({ accountId: accounts.grace, version: '1', posted: '0', held: '0', seq: '0' }, { ...place, now });
  await admin.set(key(), old(Date.now()));
  expect((await readBalance(headers['ledger-token'])).body.posted).toBe(body.posted);
  await admin.set(key(), old(Date.now() - 5_000));
  expect((await readBalance()).body.posted).toBe(body.posted);
});
