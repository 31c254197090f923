import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { apiPlan, codecServerPlan, type KeyFiles, workerPlan } from './programs.ts';
import type { Addresses } from './servers/start.ts';
import { readLocalSettings } from './settings.ts';

const addresses: Addresses = {
  owner: 'postgres://h/d',
  database: { quittance_api: 'postgres://h/d', quittance_worker: 'postgres://h/d', quittance_reader: 'postgres://h/d' },
  temporal: '127.0.0.1:1',
  redis: null,
  storage: 'http://127.0.0.1:7070',
};
const keys: KeyFiles = { archiveKey: '/data/archive-key.pem', payloadKeys: '/data/payload-keys.txt' };
const noKeys: KeyFiles = { archiveKey: null, payloadKeys: null };

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
  for (const plan of [apiPlan(settings, addresses, noKeys), workerPlan(settings, addresses, noKeys)])
    expect(await plan.answers()).toBe(true);
  server.closeAllConnections();
  server.close();
});

test('settings of a Temporal and a Redis elsewhere do not reach programs that use those of this copy', () => {
  const settings = readLocalSettings({ TEMPORAL_API_KEY: 'key', TEMPORAL_NAMESPACE: 'elsewhere' });
  const { env } = apiPlan(settings, addresses, noKeys);
  const names = Object.entries(env).filter(([name, value]) => name.startsWith('TEMPORAL_') && value !== undefined);
  expect(names.map(([name]) => name)).toEqual(['TEMPORAL_ADDRESS', 'TEMPORAL_UI_URL']);
  expect(env['REDIS_TLS_CA_CERT_PATH']).toBeUndefined();
});

test('the key of the archive goes to the worker alone, that of payloads to all, and those that the environment names stay', () => {
  const settings = readLocalSettings({});
  const [api, worker] = [apiPlan, workerPlan].map((plan) => plan(settings, addresses, keys).env);
  expect(worker).toMatchObject({ ARCHIVE_KEY_PATH: keys.archiveKey, PAYLOAD_KEYS_PATH: keys.payloadKeys });
  expect(api).toMatchObject({ PAYLOAD_KEYS_PATH: keys.payloadKeys });
  expect('ARCHIVE_KEY_PATH' in (api ?? {})).toBe('ARCHIVE_KEY_PATH' in process.env);
  const without = workerPlan(settings, addresses, noKeys).env;
  for (const name of ['ARCHIVE_KEY_PATH', 'PAYLOAD_KEYS_PATH']) expect(name in without).toBe(name in process.env);
});

test('the codec server gets the keys of payloads and where the API is, and no login to anything', () => {
  const settings = readLocalSettings({ API_PORT: '4001', CODEC_SERVER_PORT: '4002' });
  const { env } = codecServerPlan(settings, keys);
  expect(env).toMatchObject({
    PAYLOAD_KEYS_PATH: keys.payloadKeys,
    CODEC_SERVER_PUBLIC_URL: 'http://127.0.0.1:4002',
    CODEC_SERVER_API_URL: 'http://127.0.0.1:4001',
  });
  expect('DATABASE_URL' in env).toBe('DATABASE_URL' in process.env);
});
