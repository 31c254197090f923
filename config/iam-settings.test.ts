import { expect, test } from '@jest/globals';
import { readEnv } from './env.ts';
import { apiPools, workerPools } from './pool-limits.ts';

const region = { DATABASE_IAM_REGION: 'eu-central-1' };
const tokens = { ...region, DATABASE_URL: 'postgres://api@db.example.com/quittance?sslmode=verify-full' };
const cache = {
  REDIS_IAM_REGION: 'eu-central-1',
  REDIS_IAM_CACHE: 'ours',
  REDIS_URL: 'rediss://quittance@redis.example.com',
};
const least = { DATABASE_URL: 'postgres://api:hush@127.0.0.1/quittance' };
const arn = (id: string) => `arn:aws:kms:eu-central-1:111122223333:key/${id}`;

test('tokens open the database and Redis where a region is set, and nothing else is needed', () => {
  const env = readEnv({ ...tokens, ...cache });
  expect(env.database).toMatchObject({ iamRegion: 'eu-central-1', connectionsMax: null });
  expect(env.redis.iam).toEqual({ region: 'eu-central-1', cache: 'ours' });
  expect(readEnv(least).redis.iam).toBeNull();
  expect(readEnv(least).database.iamRegion).toBeNull();
});

const mode =
  'must have sslmode=verify-full, because a token opens the database to who reads it, with DATABASE_IAM_REGION';
test.each([
  [{ ...least, ...region }, 'DATABASE_URL: must have no password with DATABASE_IAM_REGION'],
  [{ ...tokens, DATABASE_URL: `${tokens.DATABASE_URL}&password=hush` }, 'DATABASE_URL: must have no password'],
  [{ ...tokens, DATABASE_URL: 'postgres://db.example.com/q?sslmode=verify-full' }, 'DATABASE_URL: must name its user'],
  [{ ...tokens, DATABASE_URL: `${tokens.DATABASE_URL}&user=other` }, 'DATABASE_URL: must name its user'],
  [{ ...tokens, DATABASE_URL: `${tokens.DATABASE_URL}&host=other` }, 'DATABASE_URL: must have host and port'],
  [{ ...tokens, DATABASE_URL: 'postgres://api@db.example.com/q' }, `DATABASE_URL: ${mode}`],
  [{ ...tokens, DATABASE_URL: 'postgres://api@db.example.com/q?sslmode=disable' }, `DATABASE_URL: ${mode}`],
  [{ ...tokens, DATABASE_URL: `${tokens.DATABASE_URL}&sslmode=disable` }, `DATABASE_URL: ${mode}`],
  [
    { ...tokens, DATABASE_READER_URL: 'postgres://api:hush@h/q?sslmode=verify-full' },
    'DATABASE_READER_URL: must have no p',
  ],
  [{ ...tokens, DATABASE_READER_URL: 'postgres://api@h/q' }, `DATABASE_READER_URL: ${mode}`],
  [{ ...tokens, DATABASE_IAM_REGION: 'Frankfurt' }, 'DATABASE_IAM_REGION: must be the name of a region'],
  [{ ...least, ...cache, REDIS_IAM_CACHE: '' }, 'REDIS_IAM_CACHE: is needed with REDIS_IAM_REGION'],
  [{ ...least, ...cache, REDIS_IAM_REGION: '' }, 'REDIS_IAM_REGION: is needed with REDIS_IAM_CACHE'],
  [{ ...least, ...cache, REDIS_IAM_CACHE: 'Ours' }, 'REDIS_IAM_CACHE: must be the name of a replication group'],
  [{ ...least, ...cache, REDIS_URL: '' }, 'REDIS_URL: is needed with REDIS_IAM_REGION'],
  [{ ...least, ...cache, REDIS_URL: 'rediss://a:hush@h' }, 'REDIS_URL: must have no password with REDIS_IAM_REGION'],
  [{ ...least, ...cache, REDIS_URL: 'rediss://h' }, 'REDIS_URL: must name its user before the host'],
  [{ ...least, ...cache, REDIS_URL: 'redis://a@h' }, 'REDIS_URL: must begin with rediss://'],
  [{ ...least, DATABASE_POOL_MAX: '7' }, 'DATABASE_POOL_MAX: must be at least 8'],
  [{ ...least, DATABASE_POOL_MAX: '201' }, 'DATABASE_POOL_MAX: must be at most 200'],
  [{ ...least, ARCHIVE_KMS_KEY: 'alias/quittance' }, 'ARCHIVE_KMS_KEY: must be ARNs of keys'],
  [{ ...least, ARCHIVE_KMS_KEY: arn('a').replace(':key/', ':alias/') }, 'ARCHIVE_KMS_KEY: must be ARNs of keys'],
  [{ ...least, ARCHIVE_KMS_KEY: `${arn('a')},${arn('a')}` }, 'ARCHIVE_KMS_KEY: names a key twice'],
  [
    { ...least, ARCHIVE_KMS_KEY: ['a', 'b', 'c', 'd', 'e'].map(arn).join(',') },
    'ARCHIVE_KMS_KEY: must be at most 4 keys',
  ],
])('the settings %o contradict themselves, in a sentence that holds no secret', (settings, problem) => {
  const read = () => readEnv(settings);
  expect(read).toThrow(problem);
  expect(read).not.toThrow(/hush/);
});

test('keys of KMS are a list', () => {
  expect(readEnv({ ...least, ARCHIVE_KMS_KEY: `${arn('a')}, ${arn('b')}` }).archive.kmsKeys).toEqual([
    arn('a'),
    arn('b'),
  ]);
  expect(readEnv(least).archive.kmsKeys).toEqual([]);
});

test('without a maximum every pool has what docs/bounds.md says', () => {
  expect(apiPools(null)).toEqual({
    primary: { writes: 12, checks: 4, reads: 8 },
    standby: { reads: 8, looks: 1 },
    connections: { primary: 24, standby: 9 },
  });
  expect(workerPools(null, ['all'])).toEqual({ pools: { ledger: 12, statements: 6, archive: 2 }, connections: 20 });
});

test.each([
  [['all'], { ledger: 12, statements: 6, archive: 2 }, 20],
  [['groups', 'rail:instant', 'upkeep', 'delivery'], { ledger: 12, statements: 0, archive: 0 }, 12],
  [['statements', 'archive'], { ledger: 12, statements: 6, archive: 2 }, 20],
  [['archive'], { ledger: 12, statements: 0, archive: 2 }, 14],
] as const)('a worker of the roles %j has the pools of its roles', (roles, pools, connections) => {
  expect(workerPools(null, roles)).toEqual({ pools, connections });
});

test('any maximum is shared out whole, and every pool that is used has some', () => {
  for (let max = 8; max <= 200; max += 1) {
    const { primary, connections } = apiPools(max);
    expect(connections.primary).toBe(max);
    expect(Math.min(...Object.values(primary))).toBeGreaterThanOrEqual(2);
    for (const [roles, used] of [
      [['all'], 3],
      [['groups'], 1],
      [['archive'], 2],
    ] as const) {
      const worker = workerPools(max, roles);
      expect(worker.connections).toBe(max);
      expect(Object.values(worker.pools).filter((share) => share >= 2)).toHaveLength(used);
      expect(worker.pools.ledger).toBeGreaterThanOrEqual(4);
    }
  }
});
