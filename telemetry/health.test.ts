import { expect, test } from '@jest/globals';
import { createHealth, livenessPage, type Parts, readinessPage } from './health.ts';

const up = async () => {};
const down = () => Promise.reject(new Error('away'));
const silent = () => new Promise(() => {});

test.each<[string, Parts, object]>([
  ['all answer', { database: up, temporal: up, isCacheUp: () => true }, { status: 'ok', cache: 'ok' }],
  [
    'the platform runs without a cache',
    { database: up, temporal: up, isCacheUp: null },
    { status: 'ok', cache: 'none' },
  ],
  [
    'the cache does not work',
    { database: up, temporal: up, isCacheUp: () => false },
    { status: 'degraded', cache: 'away' },
  ],
  ['Temporal fails', { database: up, temporal: down, isCacheUp: null }, { status: 'degraded', temporal: 'away' }],
  [
    'Temporal does not answer',
    { database: up, temporal: silent, isCacheUp: null },
    { status: 'degraded', temporal: 'away' },
  ],
  ['the database fails', { database: down, temporal: up, isCacheUp: null }, { status: 'unavailable' }],
  ['the database does not answer', { database: silent, temporal: up, isCacheUp: null }, { status: 'unavailable' }],
])('%s', async (_, parts, health) => {
  expect(await createHealth(parts)()).toMatchObject(health);
});

test('checks the parts once for all concurrent requests', async () => {
  const questions: string[] = [];
  const database = async () => questions.push('database');
  const health = createHealth({ database, temporal: up, isCacheUp: null });
  await Promise.all([health(), health(), health()]);
  expect(questions).toEqual(['database']);
});

test.each([
  ['RUNNING', up, 200],
  ['DRAINING', up, 503],
  ['RUNNING', down, 503],
  ['RUNNING', silent, 503],
])('a worker that is %s is ready or not, and alive', async (state, database, status) => {
  const workers = () => [{ queue: 'groups', state }];
  expect(await readinessPage(workers, database)()).toMatchObject({ status });
  expect(await livenessPage(workers)()).toMatchObject({ status: 200 });
});
