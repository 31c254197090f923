import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { fetch, request } from 'undici';
import { freshApi } from '../../test/support/harness/api.ts';
import { clientOf } from './address-places.ts';

const { api, another } = freshApi();

/** A connection, and what came back on it so far. */
type Client = { socket: Socket; received: () => string; closed: Promise<void> };

async function open(port: number): Promise<Client> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
  });
  // A reset shows as a close without the answer.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

/** Sends and waits until so much came back that the pattern matches. */
async function say({ socket, received, closed }: Client, bytes: string, pattern: RegExp): Promise<string> {
  socket.write(bytes);
  for (;;) {
    if (pattern.test(received()) || socket.destroyed) return received();
    await Promise.race([once(socket, 'data'), once(socket, 'end'), closed]);
  }
}

const connectionsOf = ({ server }: typeof api): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))));

test('a client that does not take its answers loses its place; others are served meanwhile', async () => {
  const one = await another({ bounds: { answerMs: 100 } });
  const readers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = await open(one.port);
      client.socket.pause();
      // Together more than the buffers of a connection hold.
      client.socket.write('GET /docs/scalar.js HTTP/1.1\r\nHost: api\r\n\r\n'.repeat(10));
      return client;
    }),
  );
  expect((await one.call('/ping')).status).toBe(200);
  for (;;) {
    const held = await connectionsOf(one);
    // The one that is left is kept alive by the client of the test.
    if (held <= 1) break;
    await sleep(10);
  }
  for (const { socket } of readers) socket.destroy();
});

test('one address has a bounded number of connections, and gets a place again when it closes one', async () => {
  let refused = 0;
  const one = await another({
    bounds: {
      perAddressMax: 2,
      onRefused: () => {
        refused += 1;
      },
    },
  });
  const first = await open(one.port);
  const second = await open(one.port);
  const third = await open(one.port);
  third.socket.end();
  await third.closed;
  expect(refused).toBe(1);
  first.socket.destroy();
  while ((await connectionsOf(one)) > 1) await sleep(5);
  const fourth = await open(one.port);
  expect(await say(fourth, 'GET /ping HTTP/1.1\r\nHost: api\r\n\r\n', /ok/)).toContain('200 OK');
  for (const { socket } of [second, fourth]) socket.destroy();
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3::4', '2001:db8:1:2::'],
  ['2001:db8:1:2:ffff::9', '2001:db8:1:2::'],
  [undefined, 'unknown'],
])('the address %s counts as the client %s', (address, client) => {
  expect(clientOf(address)).toBe(client);
});

const body = 'Content-Type: application/json\r\nContent-Length: 10000000000\r\n';
const chunked = 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n';
test.each([
  ['a request without a key', `POST /v1/transfers HTTP/1.1\r\n${body}`, 401],
  ['a request without a key, in chunks', `POST /v1/transfers HTTP/1.1\r\n${chunked}`, 401],
  ['an unknown address', `POST /v1/nothing HTTP/1.1\r\n${body}`, 404],
  ['a method that is not there', `PUT /v1/me HTTP/1.1\r\n${body}`, 405],
  ['a GET', `GET /ping HTTP/1.1\r\n${body}`, 200],
  ['a page', `GET /problems HTTP/1.1\r\n${body}`, 200],
  ['no host', `POST /v1/transfers HTTP/1.1\r\n${body}`, 401],
])('the endless body of %s is not read, and its answer arrives', async (_, head, status) => {
  const accepted = once(api.server, 'connection') as Promise<[Socket]>;
  const client = await open(api.port);
  const [theirs] = await accepted;
  client.socket.write(`${head}Host: api\r\n\r\n`);
  const part = head.includes('chunked') ? `10000\r\n${'x'.repeat(65_536)}\r\n` : 'x'.repeat(65_536);
  const send = () => {
    while (!client.socket.destroyed && client.socket.write(part));
  };
  client.socket.on('drain', send);
  send();
  await once(theirs, 'close');
  expect(client.received()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(client.received()).toContain('Connection: close');
  // What was read before the answer, what is discarded after it, and what one read holds.
  expect(theirs.bytesRead).toBeLessThan(2 * 1_048_576);
  client.socket.destroy();
});

test('a short body that nobody wanted does not cost the connection', async () => {
  const client = await open(api.port);
  const head = `POST /v1/transfers HTTP/1.1\r\nHost: api\r\nContent-Length: 100\r\n\r\n`;
  await say(client, head, /"retryable"/);
  const answers = await say(client, `${'x'.repeat(100)}GET /ping HTTP/1.1\r\nHost: api\r\n\r\n`, /"ok"/);
  expect(answers).toContain('401 Unauthorized');
  expect(answers).toContain('200 OK');
  client.socket.destroy();
});

const secretOf = async () => ({ authorization: `Bearer ${await api.keyWith({})}`, 'idempotency-key': 'k' });

test.each([
  ['a length', (bytes: number) => 'x'.repeat(bytes)],
  [
    'chunks',
    (bytes: number) =>
      new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes; at += 65_536) controller.enqueue(new Uint8Array(65_536));
          controller.close();
        },
      }),
  ],
])('a body that is too large, with %s, is answered and not cut off', async (_, make) => {
  const headers = { ...(await secretOf()), 'content-type': 'application/json' };
  for (const mebibytes of [1, 5, 5, 5, 20, 20]) {
    const answer = await fetch(`${api.url}/v1/transfers`, {
      ...{ method: 'POST', headers, body: make(mebibytes * 1_048_576), duplex: 'half' },
    });
    expect([mebibytes, answer.status]).toEqual([mebibytes, 413]);
    expect(await answer.json()).toMatchObject({ code: 'payload_too_large' });
  }
});

test('headers that are much too large are answered and not cut off', async () => {
  for (let n = 0; n < 10; n += 1) {
    const client = await open(api.port);
    client.socket.write(`GET /ping HTTP/1.1\r\nHost: api\r\n${`X-Long: ${'x'.repeat(8_000)}\r\n`.repeat(100)}`);
    await Promise.race([once(client.socket, 'end'), client.closed]);
    expect(client.received()).toContain('431 Request Header Fields Too Large');
    client.socket.destroy();
  }
});

test('a client that waits before it sends its body is told to continue only if the body is wanted', async () => {
  const head = (authorization: string) =>
    `POST /v1/accounts HTTP/1.1\r\nHost: api\r\n${authorization}Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
  const stranger = await open(api.port);
  expect(await say(stranger, head(''), /"retryable"/)).toMatch(/^HTTP\/1.1 401 /);
  const known = await open(api.port);
  const { authorization } = await secretOf();
  expect(await say(known, head(`Authorization: ${authorization}\r\n`), /\r\n\r\n/)).toMatch(/^HTTP\/1.1 100 Continue/);
  expect(await say(known, '{}', /"retryable"/)).toContain('400 Bad Request');
  for (const { socket } of [stranger, known]) socket.destroy();
});

test.each([
  'GET /health HTTP/1.0\r\n\r\n',
  'GET /ping HTTP/1.0\r\n\r\n',
  'HEAD /ping HTTP/1.0\r\nUser-Agent: x\r\n\r\n',
])('HTTP/1.0 needs no Host: %j', async (bytes) => {
  const client = await open(api.port);
  client.socket.write(bytes);
  await once(client.socket, 'end');
  expect(client.received()).toMatch(/^HTTP\/1.1 200 OK/);
  expect(client.received()).toContain('Connection: close');
  client.socket.destroy();
});

test.each([
  ['http://api/ping', 200],
  ['HTTP://api:8080/ping', 200],
  ['https://api.example/ping', 200],
  ['http://[::1]:80/ping', 200],
  ['http://api/ping?x=1', 200],
  ['http://api', 404],
  ['http://api?x=1', 404],
  ['http://api/v1/me', 401],
  ['http://api//ping', 404],
  ['http://user:secret@api/ping', 400],
  ['http:///ping', 400],
  ['http:/ping', 400],
  ['http://api/ping#part', 400],
  ['ftp://api/ping', 400],
  ['ping', 400],
])('the request target %s', async (target, status) => {
  const client = await open(api.port);
  // The host in the target counts, whatever the header says.
  const head = `GET ${target} HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n`;
  expect(await say(client, head, /\r\n\r\n/)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  client.socket.destroy();
});

test('an absolute target needs its Host header too', async () => {
  const client = await open(api.port);
  expect(await say(client, 'GET http://api/ping HTTP/1.1\r\n\r\n', /"retryable"/)).toMatch(/^HTTP\/1.1 400 /);
  client.socket.destroy();
});

test('a connection that was opened ahead and sent nothing is closed without an answer', async () => {
  const { server } = api;
  const bounds = { requestTimeout: server.requestTimeout, headersTimeout: server.headersTimeout };
  const client = await open(api.port);
  Object.assign(server, { requestTimeout: 1, headersTimeout: 1 });
  await Promise.race([once(client.socket, 'end'), client.closed]);
  Object.assign(server, bounds);
  expect(client.received()).toBe('');
  client.socket.destroy();
});

test.each(['/V1/Transfers', '/v1/Transfers', '/PING', '/Health', '/Docs', '/OpenAPI.json', '/Problems'])(
  'an address has one spelling: %s is not there',
  async (path) => {
    expect((await api.call(path)).status).toBe(404);
  },
);

test.each([
  ['application/json;', 400],
  ['application/json ;charset=utf-8;', 400],
  ['application/json; charset="utf-8"; version=1', 400],
  ['Application/JSON;profile="a;b"', 400],
  ['application/json; charset=latin1', 415],
  ['application/jsonp', 415],
  ['text/json', 415],
  ['json', 415],
])('the media type %j', async (type, status) => {
  const headers = { ...(await secretOf()), 'content-type': type };
  const answer = await request(`${api.url}/v1/transfers`, { method: 'POST', headers, body: '{}' });
  expect([type, answer.statusCode]).toEqual([type, status]);
  await answer.body.dump();
});

test('a stopping server says so with every answer, and closes only what is silent', async () => {
  let isHeld = (): void => {};
  const held = new Promise<void>((resolve) => {
    isHeld = resolve;
  });
  const one = await another({
    tamper: (deps) => ({ ...deps, parts: { ...deps.parts, database: () => held.then(() => 'ok' as const) } }),
  });
  const silent = await open(one.port);
  await say(silent, 'GET /ping HTTP/1.1\r\nHost: api\r\n\r\n', /"ok"/);
  const busy = await open(one.port);
  await say(busy, 'GET /ping HTTP/1.1\r\nHost: api\r\n\r\n', /"ok"/);
  const inFlight = await open(one.port);
  const arrived = once(one.server, 'request') as Promise<[IncomingMessage]>;
  inFlight.socket.write('GET /health HTTP/1.1\r\nHost: api\r\n\r\n');
  await arrived;
  const closed = one.close();
  // Its next request is already on its way when the server begins to stop.
  const next = await say(busy, 'GET /ping HTTP/1.1\r\nHost: api\r\n\r\n', /(?:200 OK[\s\S]*){2}"ok"/);
  expect(next.split('HTTP/1.1 ')[2]).toContain('Connection: close');
  isHeld();
  expect(await say(inFlight, '', /"database"/)).toContain('Connection: close');
  await once(silent.socket, 'end');
  silent.socket.end();
  for (const { socket } of [busy, inFlight]) socket.destroy();
  await closed;
});
