import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createPasswords } from '../config/iam-passwords.ts';
import type { TokenRequest } from '../config/iam-token.ts';
import { secret } from '../config/secret.ts';
import { check } from '../domain/check.ts';
import { until } from '../test/support/harness/in-time.ts';
import { type OwnRedis, startOwnRedis } from '../test/support/harness/redis.ts';
import { createBalanceCache } from './balances.ts';
import { keepLoggedIn } from './log-in.ts';

/** A Redis whose user has the token as its password that is valid now, so that each older one is refused. The signer is a fake. */
const iam = { region: 'eu-central-1', cache: 'our-cache' };
let server: OwnRedis;
let admin: Redis;
let valid = 0;
let isAway = false;
const requests: TokenRequest[] = [];
const sign = (request: TokenRequest): Promise<string> => {
  requests.push(request);
  return isAway ? Promise.reject(new Error('the role is away')) : Promise.resolve(`token-${valid}`);
};
const address = () => secret(server.url.replace('redis://', 'redis://quittance@'));

/** From now on only the next token is taken. Connections stay, as with Amazon's. */
async function passTime(): Promise<void> {
  valid += 1;
  await admin.acl('SETUSER', 'quittance', 'on', 'resetpass', `>token-${valid}`, '~*', '+@all');
}
const throwOut = () => admin.client('KILL', 'USER', 'quittance');

beforeAll(async () => {
  const own = await startOwnRedis();
  check(own, 'this machine has a Redis');
  server = own;
  admin = new Redis(server.url);
});
beforeEach(async () => {
  isAway = false;
  requests.length = 0;
  await passTime();
});
afterAll(async () => {
  admin.disconnect();
  await server.kill();
});

function openCache() {
  const lines: object[] = [];
  // A busy machine may need longer than production waits.
  const waits = { putMs: 5_000, putMaxMs: 5_000, getMs: 5_000 };
  const log = { warn: (fact: object, text: string) => lines.push({ ...fact, text }) };
  const password = createPasswords({ sign, log }).ofRedis(address(), iam);
  const cache = createBalanceCache({
    ...{ url: address().reveal(), password, waits, log },
    readMacKey: () => Promise.resolve(Buffer.alloc(32)),
  });
  return { cache, lines };
}

test('an open connection outlives its token, and one that is thrown out comes back with a new one', async () => {
  const { cache } = openCache();
  await until(() => cache.isUp());
  expect(requests).toEqual([
    { opens: 'elasticache', region: iam.region, host: iam.cache, query: { Action: 'connect', User: 'quittance' } },
  ]);
  await passTime();
  expect(await cache.takesWrites()).toBe(true);
  for (let i = 0; i < 3; i += 1) {
    await passTime();
    await throwOut();
    await until(cache.takesWrites);
  }
  expect(requests.length).toBeGreaterThanOrEqual(4);
  await cache.close();
});

test('while no token can be made the platform is without its cache, says so, and it returns by itself', async () => {
  const { cache, lines } = openCache();
  await until(cache.takesWrites);
  isAway = true;
  await throwOut();
  await until(async () => !(await cache.takesWrites()));
  expect(await cache.get('a')).toBeNull();
  await until(() => requests.length > 4);
  expect(cache.isUp()).toBe(false);
  expect(lines).toContainEqual({ of: 'Redis', reason: 'the role is away', text: 'no IAM token could be made' });
  await passTime();
  isAway = false;
  await until(cache.takesWrites);
  await cache.close();
});

test('a token that Redis refuses is tried again with a fresh one', async () => {
  valid += 1;
  const { cache, lines } = openCache();
  await until(() => requests.length > 2);
  expect(cache.isUp()).toBe(false);
  expect(lines).toContainEqual(expect.objectContaining({ reason: expect.stringContaining('WRONGPASS') }));
  valid -= 1;
  await until(cache.takesWrites);
  await cache.close();
});

test('a link that is closed while it waits for a token connects no more', async () => {
  isAway = true;
  const { cache } = openCache();
  await until(() => requests.length > 0);
  await cache.close();
  isAway = false;
  const before = requests.length;
  const other = openCache();
  await until(other.cache.takesWrites);
  expect(requests.length).toBe(before + 1);
  expect(String(await admin.client('LIST')).match(/user=quittance/g)).toHaveLength(1);
  await other.cache.close();
});

test('a connection logs in again before it would be ended for its age', async () => {
  const password = createPasswords({ sign }).ofRedis(address(), iam);
  check(password, 'tokens are requests for');
  const errors: unknown[] = [];
  const client = new Redis(address().reveal(), { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  const end = keepLoggedIn(client, { password, waitMs: () => 20, againMs: 20, onError: (error) => errors.push(error) });
  await until(() => requests.length > 4);
  const logins = /cmdstat_auth:calls=(\d+),.*failed_calls=(\d+)/.exec(await admin.info('commandstats'));
  expect(Number(logins?.[1])).toBeGreaterThan(3);
  expect(errors).toEqual([]);
  isAway = true;
  await until(() => errors.length > 0);
  expect(client.status).toBe('ready');
  end();
  client.disconnect();
});
