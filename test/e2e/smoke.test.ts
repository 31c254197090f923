import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { freshApi } from '../support/harness/api.ts';
import { inTime } from '../support/harness/in-time.ts';
import { runPipelineStep } from '../support/harness/pipeline-step.ts';
import { root } from '../support/tree.ts';

/** The smoke test of a release against the API, with the key that the operator's command makes. */
const run = promisify(execFile);
jest.setTimeout(inTime(300_000));
const { database, pools, api } = freshApi();

/** A server that speaks as much of Secrets Manager, and of where a task gets its login, as putting a secret takes. */
const secrets = { put: [] as { SecretId: string; SecretString: string }[], refuses: false, url: '' };
const server = createServer((request, response) => {
  void text(request).then((body) => {
    if (request.url === '/login')
      return response.end(
        JSON.stringify({ AccessKeyId: 'AKID', SecretAccessKey: 's', Token: 't', Expiration: '2999-01-01T00:00:00Z' }),
      );
    const isOurs =
      request.headers['x-amz-target'] === 'secretsmanager.PutSecretValue' &&
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d+\/eu-central-1\/secretsmanager\//.test(
        request.headers.authorization ?? '',
      );
    if (!isOurs || secrets.refuses) {
      response.writeHead(400);
      return response.end(JSON.stringify({ __type: 'AccessDeniedException', Message: 'no' }));
    }
    secrets.put.push(JSON.parse(body));
    return response.end('{}');
  });
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  secrets.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // A server that listens on TCP has one.
});
afterAll(() => void server.close());

const operator = (...args: string[]) =>
  run(process.execPath, [join(root, 'operator/main.ts'), 'smoke', 'create', ...args], {
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.url,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${secrets.url}/login`,
    },
  });
const smoke = (key: string, release: string, url = api.url) =>
  runPipelineStep('smoke.ts', ['--api', url, '--release', release, '--within-minutes', '1'], { SMOKE_KEY: key });
const transfers = async (): Promise<number> =>
  Number(
    (
      await pools.root.query<{ n: string }>(
        "select count(*) as n from ledger.transfer where description = 'Smoke test'",
      )
    ).rows[0]?.n,
  );

test('a release passes it, and again under its name without moving anything twice', async () => {
  const key = (await operator()).stdout.trim();
  expect(await smoke(key, 'v0.2.0')).toMatchObject({ code: 0, err: '' });
  expect(await transfers()).toBe(2);
  expect(await smoke(key, 'v0.2.0')).toMatchObject({ code: 0, err: '' });
  expect(await transfers()).toBe(2);
  expect(await smoke(key, 'v0.3.0')).toMatchObject({ code: 0, err: '' });
  expect(await transfers()).toBe(4);
});

test('its key moves a cent between its two accounts, and can do no more', async () => {
  const key = (await operator()).stdout.trim();
  const { body } = await api.call('/v1/accounts?kind=customer', { secret: key });
  const [b, a]: { id: string; reference: string }[] = body.data;
  expect([a?.reference, b?.reference]).toEqual(['smoke-a', 'smoke-b']);
  const transfer = { currency: 'USD', rail: 'book', source: { account_id: a?.id }, destination: { account_id: b?.id } };
  const tooMuch = await api.call('/v1/transfers', {
    method: 'POST',
    key: 'two',
    secret: key,
    body: { ...transfer, amount: '2' },
  });
  expect(tooMuch.status).toBe(403);
  expect((await api.call('/v1/webhook-endpoints', { secret: key })).status).toBe(403);
});

test('a key that is not taken, and an API that is not there, fail the release with what was wrong', async () => {
  expect(await smoke(`qk_${'x'.repeat(51)}`, 'v0.2.0')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/\/v1\/accounts\?reference=smoke-a answered 401/),
  });
  const gone = await runPipelineStep(
    'smoke.ts',
    ['--api', 'http://127.0.0.1:1', '--release', 'v0.2.0', '--within-minutes', '0.01'],
    { SMOKE_KEY: 'qk_x' },
  );
  expect(gone).toMatchObject({ code: 1, err: expect.stringMatching(/\/ping gave no answer/) });
});

test('the key goes into its secret and is printed nowhere; the one before ends in an hour', async () => {
  const { stdout, stderr } = await operator(
    '--secret',
    'arn:smoke-key',
    '--region',
    'eu-central-1',
    '--secrets-url',
    secrets.url,
  );
  const [put] = secrets.put;
  expect(put).toMatchObject({ SecretId: 'arn:smoke-key', SecretString: expect.stringMatching(/^qk_/) });
  expect(stdout + stderr).not.toContain(put?.SecretString.slice(3, 20));
  expect(await smoke(put?.SecretString ?? '', 'v0.4.0')).toMatchObject({ code: 0 });
  const { rows } = await pools.root.query<{ open: boolean }>(
    "select expires_at is null as open from ledger.api_key where name = 'smoke test' order by created_at",
  );
  expect(rows.map(({ open }) => open)).toEqual([...rows.slice(1).map(() => false), true]);
});

test('a secret that cannot be written is an error, and the keys of before work on', async () => {
  secrets.refuses = true;
  const failed = operator('--secret', 'arn:smoke-key', '--region', 'eu-central-1', '--secrets-url', secrets.url);
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/was not written: .*AccessDeniedException. Run the command again/),
  });
  expect(await smoke(secrets.put[0]?.SecretString ?? '', 'v0.5.0')).toMatchObject({ code: 0 });
});
