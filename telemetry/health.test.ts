import { expect, test } from '@jest/globals';
import { createHealth, livenessPage, type Parts, readinessPage } from './health.ts';

const up = async () => {};
const down = () => Promise.reject(new Error('away'));
const silent = () => new Promise<never>(() => {});
const atWork: Awaited<ReturnType<Parts['platform']>> = {
  ...{ workers: { groups: 'ok' }, sweep: 'ok', statements: 'ok', archive: 'ok', clock: 'ok', versions: 'ok' },
};
const works: Parts = {
  database: async () => 'ok',
  temporal: up,
  standby: null,
  hasStorage: true,
  cache: async () => true,
  isIntakeAnswered: () => true,
  platform: async () => atWork,
};

test.each<[string, Partial<Parts>, object]>([
  ['all work', {}, { status: 'ok', cache: 'ok', workers: { groups: 'ok' } }],
  ['the platform runs without a cache', { cache: null }, { status: 'ok', cache: 'none' }],
  ['the cache refuses writes', { cache: async () => false }, { status: 'degraded', cache: 'away' }],
  ['the cache does not answer', { cache: silent }, { status: 'degraded', cache: 'away' }],
  ['the standby is behind', { standby: () => 'behind' }, { status: 'degraded', standby: 'behind' }],
  ['there is no standby', { standby: null }, { status: 'ok', standby: 'none' }],
  ['there is no object store', { hasStorage: false }, { status: 'ok', storage: 'none' }],
  [
    'nobody looks for statements that are due',
    { platform: async () => ({ ...atWork, statements: 'late' }) },
    { status: 'degraded', statements: 'late' },
  ],
  [
    'nobody archives',
    { platform: async () => ({ ...atWork, archive: 'late' }) },
    { status: 'degraded', archive: 'late' },
  ],
  ['Temporal fails', { temporal: down }, { status: 'degraded', temporal: 'away' }],
  ['Temporal does not answer', { temporal: silent }, { status: 'degraded', temporal: 'away' }],
  ['the database fails', { database: down }, { status: 'unavailable' }],
  ['the database does not answer', { database: silent }, { status: 'unavailable' }],
  [
    'the database takes no writes',
    { database: async () => 'read_only' },
    { status: 'degraded', database: 'read_only' },
  ],
  ['no group was answered', { isIntakeAnswered: () => false }, { status: 'degraded', intake: 'unanswered' }],
  [
    'no worker serves a queue',
    { platform: async () => ({ ...atWork, workers: { groups: 'ok', delivery: 'away' } }) },
    { status: 'degraded', workers: { groups: 'ok', delivery: 'away' } },
  ],
  [
    'the sweep is late',
    { platform: async () => ({ ...atWork, sweep: 'late' }) },
    { status: 'degraded', sweep: 'late' },
  ],
  [
    'workers of a version that gets no work',
    { platform: async () => ({ ...atWork, versions: 'not_routed' }) },
    { status: 'degraded', versions: 'not_routed' },
  ],
  ['clocks differ', { platform: async () => ({ ...atWork, clock: 'differs' }) }, { status: 'degraded' }],
  ['nobody knows who is at work', { platform: down }, { status: 'degraded', sweep: 'unknown' }],
])('%s', async (_, parts, health) => {
  expect(await createHealth({ ...works, ...parts })()).toMatchObject(health);
});

test('checks the parts once for all concurrent requests', async () => {
  const questions: string[] = [];
  const database = async () => {
    questions.push('database');
    return 'ok' as const;
  };
  const health = createHealth({ ...works, database });
  await Promise.all([health(), health(), health()]);
  expect(questions).toEqual(['database']);
});

const { database } = works;
test.each<[string, Pick<Parts, 'database' | 'temporal'>, number]>([
  ['RUNNING', { database, temporal: up }, 200],
  ['DRAINING', { database, temporal: up }, 503],
  ['RUNNING', { database: down, temporal: up }, 503],
  ['RUNNING', { database: silent, temporal: up }, 503],
  ['RUNNING', { database: async () => 'read_only', temporal: up }, 503],
  ['RUNNING', { database, temporal: down }, 503],
  ['RUNNING', { database, temporal: silent }, 503],
])('a worker that is %s is ready or not, and alive', async (state, parts, status) => {
  const workers = () => [{ queue: 'groups', state }];
  expect(await readinessPage(workers, parts)()).toMatchObject({ status });
  expect(await livenessPage(workers)()).toMatchObject({ status: 200 });
});
