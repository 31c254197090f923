import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import getPort from 'get-port';
import pino from 'pino';
import { installRuntime } from './runtime.ts';

test('a port that another process takes between the look and the use is not the end of the worker', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo; // A server that listens on TCP has one.
  const free = await getPort({ host: '127.0.0.1' });
  const ports = [port, port, free];
  expect(await installRuntime(pino({ level: 'silent' }), async () => ports.shift() ?? 0)).toBe(free);
  const answer = await fetch(`http://127.0.0.1:${free}/metrics`);
  expect(answer.status).toBe(200);
  other.close();
  await Runtime.instance().shutdown();
});
