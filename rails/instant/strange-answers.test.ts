import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RailAttempt, RailClient } from '../../domain/rail.ts';
import { createInstantRail } from './rail.ts';

/** Answers that do not come from the bank, but from a gateway, a proxy or a defect. None may decide about money. */
const attempt: RailAttempt = {
  railKey: 'KEY1',
  amount: '1250',
  currency: 'USD',
  destination: { scheme: 'us_account', routingNumber: '021000021', accountNumber: '1', name: 'Ada' },
  createdAt: '2026-01-01T00:00:00Z',
};
const echo = { rail_key: 'KEY1', amount: '1250', currency: 'USD' };
const accepted = { ...echo, rail_reference: 'REF1', status: 'accepted', code: 'ACSC' };
// Longer than a busy machine needs for an answer; only requests that are never answered have less.
const limit = { timeoutMs: 30_000 };

let server: Server;
let rail: RailClient;
let answer: RequestListener;
let requests: number;
beforeEach(async () => {
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  rail = createInstantRail({ url: `http://127.0.0.1:${port}/instant`, concurrency: 32 });
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  // Some of these statuses have no body by definition.
  response.end(status === 204 || status === 304 ? undefined : JSON.stringify(body));
};

test.each([
  ['another key', { ...accepted, rail_key: 'KEY2' }, 'answer_mismatch'],
  ['no key', { ...accepted, rail_key: undefined }, 'answer_mismatch'],
  ['another amount', { ...accepted, amount: '12500' }, 'answer_mismatch'],
  ['an amount as a number', { ...accepted, amount: 1250 }, 'answer_malformed'],
  ['another currency', { ...accepted, currency: 'EUR' }, 'answer_mismatch'],
  ['no reference', { ...accepted, rail_reference: undefined }, 'answer_malformed'],
  ['no status', { ...accepted, status: undefined }, 'ACSC'],
  ['an unlisted status', { ...accepted, status: 'fine' }, 'answer_malformed'],
  ['an unlisted code', { ...accepted, code: 'ZZ99' }, 'ZZ99'],
  ['the code of a rejection', { ...accepted, code: 'AC01' }, 'AC01'],
  ['a code from the prototype', { ...accepted, code: 'constructor' }, 'constructor'],
  ['a code that is not a string', { ...accepted, code: '<script>' }, 'answer_malformed'],
  ['a rejection with an unlisted code', { ...accepted, status: 'rejected', code: 'ZZ99' }, 'ZZ99'],
  ['a rejection of another key', { ...accepted, status: 'rejected', code: 'AC01', rail_key: 'K' }, 'answer_mismatch'],
  ['a list', [accepted], 'answer_malformed'],
  ['null', null, 'answer_malformed'],
])('200 with %s is unknown', async (_, body, code) => {
  answer = (_request, response) => json(response, 200, body);
  expect(await rail.submit(attempt, limit)).toEqual({ outcome: 'unknown', code });
  expect(await rail.inquire(attempt, limit)).toEqual({ outcome: 'unknown', code });
});

const statuses = [
  200, 201, 202, 204, 301, 302, 304, 307, 400, 401, 403, 404, 408, 409, 410, 425, 429, 500, 502, 503, 504,
];
test.each(statuses)('status %i without a listed code and the key decides nothing', async (status) => {
  for (const body of [{}, 'text', { code: 'oops' }, { code: 'not_taken' }, { code: 'unknown_key', rail_key: 'KEY2' }]) {
    answer = (_request, response) => json(response, status, body, { 'retry-after': '1', location: '/elsewhere' });
    expect((await rail.submit(attempt, limit)).outcome).toBe('unknown');
    expect((await rail.inquire(attempt, limit)).outcome).toBe('unknown');
  }
  // No retry, and no redirect followed.
  expect(requests).toBe(10);
});

test.each([
  ['503 without Retry-After', 503, 'not_taken', undefined, { outcome: 'unknown', code: 'http_503' }],
  ['503 with a word', 503, 'not_taken', 'later', { outcome: 'unknown', code: 'http_503' }],
  [
    '503 with a date',
    503,
    'not_taken',
    'Sat, 01 Jan 2028 00:00:00 GMT',
    { outcome: 'not_taken', code: 'not_taken', retryAfterMs: 300_000 },
  ],
  [
    '503 with a long wait',
    503,
    'not_taken',
    '86400',
    { outcome: 'not_taken', code: 'not_taken', retryAfterMs: 300_000 },
  ],
  ['429 without Retry-After', 429, 'rate_limited', undefined, { outcome: 'not_taken', code: 'rate_limited' }],
])('%s', async (_, status, code, retryAfter, expected) => {
  answer = (_request, response) =>
    json(response, status, { code, rail_key: 'KEY1' }, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
  expect(await rail.submit(attempt, limit)).toEqual(expected);
  expect((await rail.inquire(attempt, limit)).outcome).toBe('unknown');
});

test('absent needs 404 with its code and the key, in answer to an inquiry', async () => {
  answer = (_request, response) => json(response, 404, { code: 'unknown_key', rail_key: 'KEY1' });
  expect(await rail.inquire(attempt, limit)).toEqual({ outcome: 'absent', code: 'unknown_key' });
  expect(await rail.submit(attempt, limit)).toEqual({ outcome: 'unknown', code: 'unknown_key' });
});

test('100 Continue that nobody asked for, as relays add it, hides no answer', async () => {
  answer = (_request, response) => {
    response.writeContinue();
    json(response, 200, accepted);
  };
  expect((await rail.submit(attempt, limit)).outcome).toBe('accepted');
  expect((await rail.inquire(attempt, limit)).outcome).toBe('accepted');
});

test('the timeout is for the whole exchange, also when bytes keep coming', async () => {
  answer = (_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  };
  const before = performance.now();
  expect(await rail.submit(attempt, { timeoutMs: 300 })).toEqual({ outcome: 'unknown', code: 'timeout' });
  // The bytes never end: far from what a busy machine needs, and before jest gives up.
  expect(performance.now() - before).toBeLessThan(30_000);
});

test.each(['localhost', '127.0.0.1'])(
  'nothing listens at %s: never connected, at any of its addresses',
  async (host) => {
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const closed = createInstantRail({ url: `http://${host}:${port}/instant`, concurrency: 32 });
    expect(await closed.submit(attempt, limit)).toEqual({ outcome: 'not_taken', code: 'connection_refused' });
    expect(await closed.inquire(attempt, limit)).toEqual({ outcome: 'unknown', code: 'connection_refused' });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  },
);

test('a name that does not exist: never connected', async () => {
  const nowhere = createInstantRail({ url: 'http://bank.invalid/instant', concurrency: 32 });
  expect(await nowhere.submit(attempt, limit)).toEqual({ outcome: 'not_taken', code: 'name_not_found' });
  expect(await nowhere.inquire(attempt, limit)).toEqual({ outcome: 'unknown', code: 'name_not_found' });
});

test('a request on an idle connection that has died is unknown', async () => {
  answer = (_request, response) => json(response, 200, accepted);
  expect((await rail.submit(attempt, limit)).outcome).toBe('accepted');
  answer = (request) => request.socket.resetAndDestroy();
  expect(await rail.submit(attempt, limit)).toEqual({ outcome: 'unknown', code: 'connection_reset' });
  expect(requests).toBe(2);
});

test('the key and the transfer are sent as the bank documents them', async () => {
  let seen: unknown;
  answer = (request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      seen = { key: request.headers['idempotency-key'], path: request.url, body: JSON.parse(text) };
      json(response, 200, accepted);
    });
  };
  expect(await rail.submit(attempt, limit)).toEqual({ outcome: 'accepted', code: 'ACSC', railReference: 'REF1' });
  const destination = { routing_number: '021000021', account_number: '1', name: 'Ada' };
  expect(seen).toEqual({ key: 'KEY1', path: '/instant/transfers', body: { ...echo, destination } });
});
