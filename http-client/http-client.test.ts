import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createHttpClient, type Exchange } from './http-client.ts';

/** Servers of bare sockets, which say what no library would. */
const open: Server[] = [];
const limits = { timeoutMs: 30_000, connectMs: 30_000, bytesMax: 1_000 };
const plain = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Answers each request on a connection, once its body has arrived, with what `answer` writes. */
async function listen(answer: (socket: Socket, n: number) => void): Promise<string> {
  let n = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      n += 1;
      answer(socket, n);
    });
  });
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function send(url: string, change: Partial<typeof limits> = {}, method: 'GET' | 'POST' = 'POST') {
  const client = createHttpClient({ connections: 1, keepAliveMs: 4_000 });
  try {
    return await client.exchange({ method, url, ...(method === 'POST' && { body: '{}' }) }, { ...limits, ...change });
  } finally {
    client.close();
  }
}

const wordOf = (ended: Exchange): string =>
  ended.end === 'answered' ? `${ended.status} ${ended.text}` : `${ended.end} ${ended.code}`;

test.each([
  ['100', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['100 twice', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
  ['100 with fields', 'HTTP/1.1 100 Continue\r\nServer: relay\r\n\r\n'],
  ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['103', 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n'],
  ['one that nobody has defined yet', 'HTTP/1.1 199 Later\r\n\r\n'],
  ['all of them', 'HTTP/1.1 102 P\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\n\r\n'],
])('an interim answer before the final one is passed over: %s', async (_, interim) => {
  for (const method of ['GET', 'POST'] as const) {
    expect(wordOf(await send(await listen((socket) => socket.write(interim + plain)), {}, method))).toBe('200 ok');
  }
});

test('an interim answer may come in pieces, and before the second request of a connection', async () => {
  const url = await listen((socket, n) => {
    socket.write('HTTP/1.1 1');
    setImmediate(() => socket.write(`00 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${n}`));
  });
  const client = createHttpClient({ connections: 1, keepAliveMs: 4_000 });
  expect(wordOf(await client.exchange({ method: 'GET', url }, limits))).toBe('200 1');
  expect(wordOf(await client.exchange({ method: 'GET', url }, limits))).toBe('200 2');
  client.close();
});

test('interim answers without an end, and no final one, end with the timeout', async () => {
  const url = await listen((socket) => {
    const drip = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 5);
    socket.once('close', () => clearInterval(drip));
  });
  expect(wordOf(await send(url, { timeoutMs: 200 }))).toBe('lost timeout');
});

test.each([
  ['HTTP/1.0, ended by the connection', 'HTTP/1.0 200 OK\r\n\r\nok', true],
  ['no reason phrase', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok', false],
  ['chunks with extensions', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n', false],
  ['a trailer', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-End: 1\r\n\r\n', false],
  ['an empty field', 'HTTP/1.1 200 OK\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok', false],
  ['the last of a connection', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok', true],
])('an answer that a client must accept is accepted: %s', async (_, text, isClosed) => {
  const url = await listen((socket) => (isClosed ? socket.end(text) : socket.write(text)));
  expect(wordOf(await send(url))).toBe('200 ok');
});

test.each<[string, (socket: Socket) => void, string]>([
  ['closes before it answers', (socket) => socket.end(), 'lost connection_closed'],
  ['resets', (socket) => socket.resetAndDestroy(), 'lost connection_reset'],
  ['is silent', () => {}, 'lost timeout'],
  [
    'says 101 unasked',
    (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    'lost answer_not_http',
  ],
  ['says something else', (socket) => socket.write('220 mail ready\r\n'), 'lost answer_not_http'],
])('a server that %s: %s', async (_, answer, word) => {
  expect(wordOf(await send(await listen(answer), { timeoutMs: 300 }))).toBe(word);
});

test.each<[string, (socket: Socket) => void, string]>([
  ['is cut', (socket) => socket.end('HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nok'), 'connection_closed'],
  ['never ends', (socket) => socket.write('HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nok'), 'timeout'],
  ['is too long', (socket) => socket.write(`HTTP/1.1 201 Created\r\n\r\n${'x'.repeat(1_001)}`), 'answer_too_large'],
])('of an answer whose body %s the head is known', async (_, answer, code) => {
  const ended = await send(await listen(answer), { timeoutMs: 300 });
  expect(ended).toMatchObject({ end: 'lost', code, head: { status: 201 } });
});

test('what never had a connection has not begun: refused, without a name, or still waiting for one', async () => {
  const url = await listen(() => {});
  const closed = open.pop();
  closed?.close();
  expect(wordOf(await send(url))).toBe('not_begun connection_refused');
  expect(wordOf(await send('http://nowhere.invalid/'))).toBe('not_begun name_not_found');
  let requests = 0;
  const busy = await listen(() => {
    requests += 1;
  });
  const client = createHttpClient({ connections: 1, keepAliveMs: 4_000 });
  const first = client.exchange({ method: 'GET', url: busy }, { ...limits, timeoutMs: 600 });
  expect(wordOf(await client.exchange({ method: 'GET', url: busy }, { ...limits, timeoutMs: 100 }))).toBe(
    'not_begun timeout',
  );
  expect(wordOf(await first)).toBe('lost timeout');
  expect(requests).toBe(1);
  client.close();
});

test('a look-up that never answers ends with the time for connecting, and nothing was sent', async () => {
  const client = createHttpClient({ connections: 1, keepAliveMs: 4_000, lookup: () => {} });
  const ended = await client.exchange({ method: 'GET', url: 'http://slow.test/' }, { ...limits, connectMs: 50 });
  expect(wordOf(ended)).toBe('not_begun connect_timeout');
  client.close();
});
