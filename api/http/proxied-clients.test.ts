import { expect, test } from '@jest/globals';
import { freshApi, type Reply } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { getMe } from '../me/get.ts';
import { createAddressPlaces } from './address-places.ts';
import { found } from './answer.ts';
import type { Route } from './operation.ts';

/** Behind a declared proxy all connections come from one address: what is bounded there is each client's requests. */
const { another } = freshApi();
const proxies = ['127.0.0.0/8'];

/** An API whose requests wait until they are let go, behind a proxy, with two places for each address. */
async function behindAProxy(trustedProxies = proxies) {
  let go = (): void => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  let inside = 0;
  const run = async () => {
    inside += 1;
    await held;
    return found({});
  };
  const table: Route[] = [{ method: 'GET', path: '/v1/me', scope: null, operation: { ...getMe, run } }];
  const one = await another({
    table,
    bounds: { perAddressMax: 2, trustedProxies },
    tamper: (deps) => ({ ...deps, trustedProxies, proxiedPlaces: createAddressPlaces(2) }),
  });
  const ask = (from: string): Promise<Reply> => one.call('/v1/me', { headers: { 'x-forwarded-for': from } });
  /** Asks, and returns when so many are inside. */
  const waitingFrom = async (from: string, count: number): Promise<Promise<Reply>[]> => {
    const before = inside;
    const replies = Array.from({ length: count }, () => ask(from));
    await until(async () => inside === before + count);
    return replies;
  };
  return { one, ask, waitingFrom, go };
}

const statuses = async (replies: Promise<Reply>[]) => (await Promise.all(replies)).map(({ status }) => status);

test('each client has its own places, and a request above them is refused in words', async () => {
  const { ask, waitingFrom, go } = await behindAProxy();
  const waiting = [...(await waitingFrom('192.0.2.1', 2)), ...(await waitingFrom('192.0.2.2', 2))];
  const refused = await ask('192.0.2.1');
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([429, 'rate_limited', true]);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  // All of its network is one client with IPv6.
  waiting.push(...(await waitingFrom('2001:db8::1', 1)), ...(await waitingFrom('2001:db8::2', 1)));
  expect((await ask('2001:db8::3')).status).toBe(429);
  go();
  expect(await statuses(waiting)).toEqual(Array.from({ length: 6 }, () => 200));
  // Its places are free again.
  await until(async () => (await ask('192.0.2.1')).status === 200);
});

test('what the client itself says does not give it more', async () => {
  const { ask, waitingFrom, go } = await behindAProxy();
  const waiting = [
    ...(await waitingFrom('198.51.100.1, 192.0.2.1', 1)),
    ...(await waitingFrom('198.51.100.2, 192.0.2.1', 1)),
  ];
  expect((await ask('198.51.100.3, 192.0.2.1')).status).toBe(429);
  go();
  expect(await statuses(waiting)).toEqual([200, 200]);
});

test('a client that goes away gives its place back, though its request was not answered', async () => {
  const { one, ask, waitingFrom, go } = await behindAProxy();
  const gone = await waitingFrom('192.0.2.1', 2);
  one.server.closeAllConnections();
  expect((await Promise.allSettled(gone)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const waiting = await waitingFrom('192.0.2.1', 2);
  expect((await ask('192.0.2.1')).status).toBe(429);
  go();
  expect(await statuses(waiting)).toEqual([200, 200]);
});

test('without a declared proxy the connections of an address count, whatever they say', async () => {
  const { ask, waitingFrom, go } = await behindAProxy([]);
  const waiting = [...(await waitingFrom('192.0.2.1', 1)), ...(await waitingFrom('192.0.2.2', 1))];
  // Closed as it was opened, before a word.
  await expect(ask('192.0.2.3')).rejects.toThrow();
  go();
  expect(await statuses(waiting)).toEqual([200, 200]);
});
