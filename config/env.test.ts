import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { BadSettings, readEnv } from './env.ts';
import { describeSettings, variables } from './variables.ts';

const least = { DATABASE_URL: 'postgres://api:hush@127.0.0.1:5433/quittance' };

test('needs nothing but the database, the rest has defaults', () => {
  const env = readEnv(least);
  expect(env.api).toMatchObject({ host: '127.0.0.1', port: 3001, metricsPort: 9464, docs: true });
  expect(env.redis.url).toBeNull();
  expect(env.worker.roles).toEqual(['all']);
  expect(env.notices.allowPrivate).toBe(false);
});

test('names every wrong variable in one message, and shows no value', () => {
  const broken = {
    ...least,
    DATABASE_URL: 'mysql://root:hush@db',
    API_PORT: 'many',
    WORKER_ROLES: 'groups,all-of-it',
    LOG_LEVEL: '',
  };
  const read = () => readEnv(broken);
  expect(read).toThrow(BadSettings);
  expect(read).toThrow(/DATABASE_URL.*\n.*API_PORT.*\n.*WORKER_ROLES/);
  expect(read).not.toThrow(/hush/);
});

test('terms and waits that are not set replace nothing', () => {
  const env = readEnv({
    ...least,
    RAIL_INSTANT_QUIET_PERIOD_MS: '50',
    RAIL_INSTANT_INQUIRY_WAITS_MS: '10,20',
    SWEEP_GRACE_MS: '300',
  });
  expect(env.rails['instant']?.terms).toEqual({ quietPeriodMs: 50, inquiryWaitsMs: [10, 20] });
  expect(env.sweep).toEqual({ overdueGraceMs: 300 });
});

test('counts an empty variable as absent', () => {
  expect(readEnv({ ...least, REDIS_URL: '', LOG_LEVEL: '' })).toMatchObject({
    redis: { url: null },
    log: { level: 'info' },
  });
});

test('prints a secret as [secret] in every form of output', () => {
  const env = readEnv({ ...least, REDIS_URL: 'redis://:hush@127.0.0.1:6380' });
  expect(env.database.url.reveal()).toBe(least.DATABASE_URL);
  for (const printed of [JSON.stringify(env), inspect(env, { depth: 9 }), `${env.database.url}`]) {
    expect(printed).toContain('[secret]');
    expect(printed).not.toContain('hush');
  }
});

test('says of a wrong setting what it means, with an example, on one line', () => {
  expect(() => readEnv({ ...least, API_PORT: 'many' })).toThrow(
    'These settings cannot be used:\n  API_PORT: must be a port number. The port on which the API listens. 0 asks the system for a free one. Example: 3001',
  );
  expect(() => readEnv({})).toThrow(/^ {2}DATABASE_URL: .*\. Example: postgres:\/\//m);
});

test.each(describeSettings(variables))('$name has a meaning, and an example that it accepts', (setting) => {
  expect(setting.meaning).toMatch(/\.$/);
  expect(() => readEnv({ ...least, [setting.name]: setting.example })).not.toThrow();
});
