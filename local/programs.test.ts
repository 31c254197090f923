import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { apiPlan, workerPlan } from './programs.ts';
import type { Addresses } from './servers/start.ts';
import { readLocalSettings } from './settings.ts';

const addresses: Addresses = {
  owner: 'postgres://h/d',
  database: { quittance_api: 'postgres://h/d', quittance_worker: 'postgres://h/d', quittance_reader: 'postgres://h/d' },
  temporal: '127.0.0.1:1',
  redis: null,
  storage: 'http://127.0.0.1:7070',
};

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.2', '127.0.0.2'],
  ['0.0.0.0', '0.0.0.0'],
  ['::1', '::1'],
  ['::', '::'],
])('programs on API_HOST=%s are asked there whether they answer', async (host, listens) => {
  const server = createServer((_, response) => response.end('ok')).listen(0, listens);
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const settings = readLocalSettings({ API_HOST: host, API_PORT: port, WORKER_METRICS_PORT: port });
  for (const plan of [apiPlan(settings, addresses), workerPlan(settings, addresses, null)])
    expect(await plan.answers()).toBe(true);
  server.closeAllConnections();
  server.close();
});

test('settings of a Temporal and a Redis elsewhere do not reach programs that use those of this copy', () => {
  const { env } = apiPlan(readLocalSettings({ TEMPORAL_API_KEY: 'key', TEMPORAL_NAMESPACE: 'elsewhere' }), addresses);
  const names = Object.entries(env).filter(([name, value]) => name.startsWith('TEMPORAL_') && value !== undefined);
  expect(names.map(([name]) => name)).toEqual(['TEMPORAL_ADDRESS', 'TEMPORAL_UI_URL']);
  expect(env['REDIS_TLS_CA_CERT_PATH']).toBeUndefined();
});

test('the key of the archive goes to the worker alone, and one that the environment names stays', () => {
  const settings = readLocalSettings({});
  const path = '/data/archive-key.pem';
  expect(workerPlan(settings, addresses, path).env['ARCHIVE_KEY_PATH']).toBe(path);
  expect('ARCHIVE_KEY_PATH' in workerPlan(settings, addresses, null).env).toBe('ARCHIVE_KEY_PATH' in process.env);
  expect('ARCHIVE_KEY_PATH' in apiPlan(settings, addresses).env).toBe('ARCHIVE_KEY_PATH' in process.env);
});
