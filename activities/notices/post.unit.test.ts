import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createHttpClient } from '../../http-client/http-client.ts';
import { post } from './post.ts';
import { createGuardedLookup, urlRules } from './url-guard.ts';

/** A receiver of bare sockets: what it writes is what a relay before it may add. */
let server: Server;
afterEach(() => void server.close());

async function postTo(answer: string) {
  server = createServer((socket) => socket.once('data', () => socket.write(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const rules = urlRules({ allowPrivate: true });
  const client = createHttpClient({ connections: 1, keepAliveMs: 500, lookup: createGuardedLookup(rules) });
  const url = `http://localhost:${(server.address() as AddressInfo).port}/notices`;
  const notice = { url, secrets: ['whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQh'], noticeId: 'ev_1', body: '{}' };
  const limits = { timeoutMs: 30_000, answerBytesMax: 100 };
  try {
    return await post(notice, { client, rules, limits, signal: new AbortController().signal });
  } finally {
    client.close();
  }
}

test('a notice is delivered through a relay that adds 100 Continue unasked', async () => {
  const answer = await postTo('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  expect(answer).toEqual({ status: 200, error: null, retryAfterMs: null });
});

test.each([
  ['seconds', '25'],
  ['a date', 'Sat, 28 Nov 2026 12:00:25 GMT'],
])('the wait that a receiver asks for in %s is read, against its own clock', async (_, value) => {
  const date = 'Date: Sat, 28 Nov 2026 12:00:00 GMT';
  const answer = await postTo(`HTTP/1.1 503 Busy\r\n${date}\r\nRetry-After: ${value}\r\nContent-Length: 0\r\n\r\n`);
  expect(answer).toEqual({ status: 503, error: null, retryAfterMs: 25_000 });
});
