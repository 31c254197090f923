import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import Koa from 'koa';
import { inTime } from '../../test/support/harness/in-time.ts';
import type { State } from './middleware/state.ts';
import { type SendLimits, sendFile } from './send-file.ts';

/** How slowly a file may be taken. Sockets of our own: each is destroyed whatever a test has seen. */
const sockets: Socket[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

type Sending = { port: number; ended: Promise<void>; sent: () => number };

/** A server that sends these parts, and when it has ended. */
async function sending(parts: AsyncIterable<string>, limits: SendLimits): Promise<Sending> {
  const ended = Promise.withResolvers<void>();
  let sent = 0;
  const counted = (async function* () {
    for await (const text of parts) {
      yield { text, rows: 1 };
      sent += text.length;
    }
  })();
  const app = new Koa<State>();
  app.use((ctx) => sendFile(ctx, { name: 'x.csv', type: 'text/csv', parts: counted, end: ended.resolve }, limits));
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, ended: ended.promise, sent: () => sent };
}

async function asking({ port }: Sending): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.push(socket);
  // A reset is how a file breaks off.
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return { socket, closed };
}

const megabyte = 'x'.repeat(1_000_000);
async function* endless(): AsyncGenerator<string> {
  for (;;) yield megabyte;
}
/** All that a client may keep us waiting for, with time for a machine that is busy. */
const patienceMs = inTime(2_500);
/** Small parts, for longer than that, and a large one. */
async function* slowly(): AsyncGenerator<string> {
  for (let n = 0; n < 12; n += 1) {
    await sleep(patienceMs / 10);
    yield 'x';
  }
  yield megabyte;
}

/** Longer than any test: what is cut was not cut by it. */
const never = 3_600_000;

test(
  'a client that takes a little now and then is cut, though it never stalls',
  async () => {
    const file = await sending(endless(), { stallMs: never, baseMs: 300, bytesPerSecondMin: 1e12 });
    const { socket, closed } = await asking(file);
    // Each time it takes something, so that the server goes on.
    while (!socket.closed) {
      socket.resume();
      await sleep(1);
      socket.pause();
      await Promise.race([sleep(20), closed]);
    }
    await file.ended;
    expect(file.sent()).toBeGreaterThan(0);
  },
  inTime(60_000),
);

test(
  'a client that takes nothing is cut when it stalls, however much time it has in all',
  async () => {
    const file = await sending(endless(), { stallMs: 50, baseMs: never, bytesPerSecondMin: 1 });
    const { socket } = await asking(file);
    await file.ended;
    // What is in the buffers is still read, and no last chunk.
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text = (text + part).slice(-5);
    });
    socket.resume();
    await once(socket, 'close');
    expect(text).not.toBe('0\r\n\r\n');
  },
  inTime(60_000),
);

test(
  'the time in which a client waits for us is not counted, and one that takes its file gets all of it',
  async () => {
    const file = await sending(slowly(), { stallMs: never, baseMs: patienceMs, bytesPerSecondMin: 1e12 });
    const { socket, closed } = await asking(file);
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text = (text + part).slice(-40);
    });
    socket.resume();
    await closed;
    await file.ended;
    expect(file.sent()).toBe(12 + megabyte.length);
    expect(text).toContain('Row-Count: 13');
  },
  inTime(60_000),
);

test('a character that lies where one piece ends is whole', async () => {
  const text = `${'a'.repeat(65_534)}😀${'b'.repeat(16_383)}😀`;
  const file = await sending(
    (async function* () {
      yield text;
    })(),
    { stallMs: never, baseMs: never, bytesPerSecondMin: 1 },
  );
  expect(await (await fetch(`http://127.0.0.1:${file.port}/`)).text()).toBe(text);
  await file.ended;
});
