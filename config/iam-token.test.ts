import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { claimsOf } from '../test/support/servers/signed-token.ts';
import { createPasswords, NoToken } from './iam-passwords.ts';
import { createTokenSigner } from './iam-token.ts';
import { secret } from './secret.ts';

const login = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a/secret+key', sessionToken: 'of a role/+=' };
const containerUri = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
afterEach(() => {
  delete process.env[containerUri];
});

test.each([
  [
    'Postgres',
    () =>
      createPasswords(signing).ofDatabase(secret('postgres://quittance_api@db.example.com/quittance'), 'eu-central-1')
        .password,
    { host: 'db.example.com:5432', opens: 'rds-db', query: { Action: 'connect', DBUser: 'quittance_api' } },
  ],
  [
    'Postgres behind another port, as a user with a letter that is escaped',
    () =>
      createPasswords(signing).ofDatabase(secret('postgres://a%2Bb@db.example.com:6000/quittance'), 'eu-central-1')
        .password,
    { host: 'db.example.com:6000', opens: 'rds-db', query: { Action: 'connect', DBUser: 'a+b' } },
  ],
  [
    'Redis, whatever its host is called',
    () =>
      createPasswords(signing).ofRedis(secret('rediss://quittance@master.x.cache.amazonaws.com'), {
        region: 'eu-central-1',
        cache: 'our-cache',
      }),
    { host: 'our-cache', opens: 'elasticache', query: { Action: 'connect', User: 'quittance' } },
  ],
])('a token for %s is signed by the role, over what it opens, for 15 minutes', async (_, passwordOf, claims) => {
  const before = Math.floor(Date.now() / 1_000) * 1_000;
  const token = (await passwordOf()?.()) ?? '';
  const found = claimsOf(token, login.secretAccessKey);
  expect(found).toMatchObject({ ...claims, region: 'eu-central-1', accessKeyId: login.accessKeyId, seconds: 900 });
  expect(found?.query).toMatchObject({ 'X-Amz-Security-Token': login.sessionToken });
  expect(found?.signedAt.getTime()).toBeGreaterThanOrEqual(before);
  expect(claimsOf(token, 'another key')).toBeNull();
  expect(claimsOf(token.replace('Action=connect', 'Action=others'), login.secretAccessKey)).toBeNull();
});

const signing = { sign: createTokenSigner(login) };

test('without a region the password stands in the address, and no token is made', () => {
  const passwords = createPasswords(signing);
  expect(passwords.ofDatabase(secret('postgres://a:b@c/d'), null)).toEqual({
    url: 'postgres://a:b@c/d',
    password: null,
  });
  expect(passwords.ofRedis(secret('redis://c'), null)).toBeNull();
  expect(passwords.ofRedis(null, { region: 'eu-central-1', cache: 'a' })).toBeNull();
});

test('the role of a task is asked once for a hundred tokens, and again when its keys have expired', async () => {
  let calls = 0;
  // Keys that are over soon are renewed beside, so these are over when they come.
  let lifeMs = 3_600_000;
  const server = createServer((_, response) => {
    calls += 1;
    const Expiration = new Date(Date.now() + lifeMs).toISOString();
    const keys = { AccessKeyId: login.accessKeyId, SecretAccessKey: login.secretAccessKey, Token: 'of-a-task' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...keys, Expiration }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // A server that listens on TCP has one.
  process.env[containerUri] = `http://127.0.0.1:${port}/role`;
  const many = async () => {
    const { password } = createPasswords().ofDatabase(secret('postgres://a@c/d'), 'eu-central-1');
    const tokens = await Promise.all(Array.from({ length: 100 }, async () => password?.()));
    expect(claimsOf(tokens[99] ?? '', login.secretAccessKey)).toMatchObject({ accessKeyId: login.accessKeyId });
    return await password?.();
  };
  await many();
  expect(calls).toBe(1);
  calls = 0;
  lifeMs = 1;
  await many();
  expect(calls).toBeGreaterThan(1);
  server.close();
});

const cases: [string, () => Promise<string>, string][] = [
  ['fails', () => Promise.reject(new Error('the role is not known.')), 'the role is not known.'],
  [
    'fails at once',
    () => {
      throw new Error('no');
    },
    'no.',
  ],
  ['hangs', () => new Promise(() => {}), 'no answer in time.'],
];
test.each(cases)(
  'a signer that %s is a sentence, and a line in the log at most once a minute',
  async (_, sign, reason) => {
    const lines: object[] = [];
    const log = { warn: (fact: object, text: string) => lines.push({ ...fact, text }) };
    const { password } = createPasswords({ sign, log, tokenMs: 20 }).ofDatabase(
      secret('postgres://a@c/d'),
      'eu-central-1',
    );
    for (let i = 0; i < 3; i += 1) {
      const failed = password?.() ?? Promise.resolve('');
      await expect(failed).rejects.toThrow(`No IAM token could be made for Postgres: ${reason} Look at the role`);
      await expect(failed).rejects.toBeInstanceOf(NoToken);
    }
    expect(lines).toEqual([{ of: 'Postgres', reason: expect.any(String), text: 'no IAM token could be made' }]);
  },
);
