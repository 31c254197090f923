import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { request } from 'undici';
import { metricsPage, readPage } from './metrics.ts';
import { json, serveTelemetry } from './server.ts';

const servers: Awaited<ReturnType<typeof serveTelemetry>>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function get(
  pages: Parameters<typeof serveTelemetry>[0],
  path: string,
): Promise<{ status: number; body: string }> {
  const server = await serveTelemetry(pages, { port: 0, host: '127.0.0.1' });
  servers.push(server);
  const { statusCode, body } = await request(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  return { status: statusCode, body: await body.text() };
}

test('serves a page by its path, and nothing else', async () => {
  const pages = { '/health': async () => json(200, { status: 'ok' }) };
  expect(await get(pages, '/health')).toEqual({ status: 200, body: '{"status":"ok"}' });
  expect(await get(pages, '/')).toMatchObject({ status: 404 });
});

test('a collector that fails makes a failed page, and the server continues', async () => {
  const registry = new Registry();
  const collect = () => {
    throw new Error('no figures');
  };
  registry.registerMetric(new Counter({ name: 'broken', help: 'fails', registers: [], collect }));
  const pages = { '/metrics': metricsPage(registry), '/health': async () => json(200, {}) };
  expect(await get(pages, '/metrics')).toMatchObject({ status: 500 });
  registry.removeSingleMetric('broken');
  expect(await get(pages, '/metrics')).toMatchObject({ status: 200 });
});

test('metrics of another address of the process are on the page; without an answer only its own are', async () => {
  const registry = new Registry();
  new Counter({ name: 'own_total', help: 'ours', registers: [registry] }).inc();
  const other = await serveTelemetry(
    { '/metrics': async () => ({ status: 200, type: 'text/plain', body: 'theirs_total 7\n' }) },
    { port: 0, host: '127.0.0.1' },
  );
  servers.push(other);
  const alsoFrom = `http://127.0.0.1:${(other.address() as AddressInfo).port}/metrics`;
  const { body } = await get({ '/metrics': metricsPage(registry, { alsoFrom: () => readPage(alsoFrom) }) }, '/metrics');
  expect(body).toContain('own_total 1');
  expect(body).toContain('theirs_total 7');
  const alone = await get(
    { '/metrics': metricsPage(registry, { alsoFrom: () => readPage('http://127.0.0.1:1/') }) },
    '/metrics',
  );
  expect(alone).toMatchObject({ status: 200, body: expect.stringContaining('own_total 1') });
});

test('a port in use is an error of the start', async () => {
  const first = await serveTelemetry({}, { port: 0, host: '127.0.0.1' });
  servers.push(first);
  const { port } = first.address() as AddressInfo;
  await expect(serveTelemetry({}, { port, host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE');
});
