import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { check } from '../domain/check.ts';
import { toPublic } from '../domain/ids.ts';
import { authenticate } from '../ledger/access/authenticate.ts';
import { createEndpoint } from '../ledger/notices/create-webhook-endpoint.ts';
import { dueNotices } from '../ledger/notices/due.ts';
import { observeEndpoint } from '../ledger/notices/observe-endpoint.ts';
import { settleNotice } from '../ledger/notices/settle.ts';
import { raiseUnanswered } from '../ledger/transfers/raise-unanswered.ts';
import { anEndpoint, aTransfer } from '../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../test/support/fixtures/ledger.ts';
import { sent } from '../test/support/fixtures/sends.ts';
import { inTime } from '../test/support/harness/in-time.ts';

/** The commands as the image runs them: a process with DATABASE_URL and nothing else. */
const { database, pools, ledger } = freshLedger({ mayViolate: ['rows'] });
const accounts = freshAccounts({ pools, ledger });
// A bound for hanging processes: a test starts up to four, and a busy machine is slow.
jest.setTimeout(inTime(300_000));

type Run = { code: number; out: string; err: string };

function operator(args: string[], url: string = database.url, more: Record<string, string> = {}): Promise<Run> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    const env = { PATH, DATABASE_URL: url, ...more };
    execFile(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], { env }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
  });
}

test('makes a tenant, and keys of it by its id and by its name', async () => {
  const name = `Acme ${randomUUID()}`;
  const made = await operator(['tenant', 'create', name]);
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^tn_[0-9a-z]{26}\n$/) });
  const byId = await operator(['key', 'create', made.out.trim(), '--scopes', 'transfers:read', '--rate-limit', '7']);
  expect(byId.out).toMatch(/^qk_[A-Za-z0-9_-]{51}\n$/);
  const owner = await authenticate(pools.api, byId.out.trim());
  expect(owner).toMatchObject({ tenantName: name, scopes: ['transfers:read'], rateLimit: 7 });
  const byName = await operator(['key', 'create', name]);
  expect(await authenticate(pools.api, byName.out.trim())).toMatchObject({ tenantName: name, rateLimit: null });
});

test('lists tenants and keys, revokes a key, and limits a tenant', async () => {
  const name = `Acme ${randomUUID()}`;
  const tenant = (await operator(['tenant', 'create', name])).out.trim();
  const secret = (
    await operator([
      'key',
      'create',
      tenant,
      '--name',
      'Till',
      '--scopes',
      'transfers:read',
      '--expires',
      '2999-01-01T00:00:00Z',
    ])
  ).out.trim();
  expect(await authenticate(pools.api, secret)).toMatchObject({ expiresAt: '2999-01-01T00:00:00.000Z' });
  const [line = ''] = (await operator(['key', 'list', tenant])).out.split('\n');
  expect(line).toMatch(new RegExp(`^ak_[0-9a-z]{26}  …${secret.slice(-4)}  works    transfers:read  Till$`));
  expect(await operator(['key', 'revoke', line.slice(0, 29)])).toMatchObject({ code: 0 });
  expect((await operator(['key', 'list', tenant])).out).toContain('  revoked  ');
  expect(await operator(['tenant', 'limit', tenant, '25'])).toMatchObject({ code: 0 });
  expect((await operator(['tenant', 'list'])).out).toContain(`${tenant}  works     25         ${name}\n`);
});

test('rotates and ends a key, and disables and enables a tenant', async () => {
  const tenant = (await operator(['tenant', 'create', `Acme ${randomUUID()}`])).out.trim();
  const accountId = toPublic('account', accounts.ada);
  const restricted = ['--accounts', accountId, '--amount-max', '100', '--addresses', '192.0.2.0/24,2001:db8::1'];
  const secret = (await operator(['key', 'create', tenant, ...restricted])).out.trim();
  const terms = { accountIds: [accounts.ada], amountMax: '100', addresses: ['192.0.2.0/24', '2001:db8::1/128'] };
  expect(await authenticate(pools.api, secret)).toMatchObject(terms);
  const id = (await operator(['key', 'list', tenant])).out.slice(0, 29);
  const rotated = await operator(['key', 'rotate', id, '--overlap', '60']);
  expect(await authenticate(pools.api, rotated.out.trim())).toMatchObject({ ...terms, expiresAt: null });
  expect((await authenticate(pools.api, secret))?.expiresAt).not.toBeNull();
  expect((await operator(['key', 'rotate', id])).err).toMatch(/^Another key replaces it already: /);
  expect(await operator(['key', 'expire', id])).toMatchObject({ code: 0, out: `${id} ends now, or before\n` });
  expect((await operator(['key', 'list', tenant])).out).toContain(`${id}  …${secret.slice(-4)}  expired`);
  expect((await operator(['tenant', 'disable', tenant])).out).toBe(`${tenant} is disabled\n`);
  expect((await operator(['tenant', 'list'])).out).toContain(`${tenant}  disabled  default`);
  expect((await authenticate(pools.api, secret))?.tenantDisabledAt).not.toBeNull();
  expect((await operator(['tenant', 'enable', tenant])).out).toBe(`${tenant} is enabled\n`);
  expect((await authenticate(pools.api, secret))?.tenantDisabledAt).toBeNull();
});

test('pauses a rail with the reason, and resumes it', async () => {
  expect(await operator(['rail', 'pause', 'instant', 'the network asked'])).toMatchObject({ code: 0 });
  expect((await operator(['rail', 'list'])).out).toMatch(
    /^book +up\ninstant +paused \(operator: the network asked\)\n$/,
  );
  expect(await operator(['rail', 'resume', 'instant'])).toMatchObject({ code: 0 });
  expect((await operator(['rail', 'list'])).out).toMatch(/^instant +up$/m);
  const { rows } = await pools.root.query<{ action: string }>(
    "select action from ledger.audit where action like 'rail.%' order by id",
  );
  expect(rows.map(({ action }) => action)).toEqual(['rail.paused', 'rail.resumed']);
});

test.each([
  [
    ['key', 'create', 'Nobody', '--expires', '2020-01-01T00:00:00Z'],
    /^--expires must be a time in the future[^\n]+\n$/,
  ],
  [['key', 'create', 'Nobody', '--addresses', '192.0.2.7/24'], /^The list must have networks [^\n]+\n$/],
  [['key', 'create', 'Nobody', '--accounts', 'tr_1'], /^The list must have accounts [^\n]+\n$/],
  [['key', 'create', 'Nobody', '--amount-max', '0'], /^--amount-max must be [^\n]+\n$/],
  [['key', 'rotate', 'ak_1', '--overlap', '604801'], /^--overlap must be seconds, [^\n]+\n$/],
  [['tenant', 'disable', 'tn_01k0000000000000000000000a'], /^There is no tenant [^\n]+\n$/],
  [['key', 'revoke', 'ak_1'], /^There is no key "ak_1": [^\n]+\n$/],
  [['tenant', 'create', '\u200b'], /^The name must be [^\n]+\n$/],
  [['key', 'create', 'Nobody'], /^There is no tenant "Nobody": make it with `operator tenant create`\.\n$/],
  [['key', 'create', 'Nobody', '--scopes', 'all'], /^There is no scope "all": the scopes are [^\n]+\n$/],
  [['key', 'create', 'Nobody', '--rate-limit', '0'], /^--rate-limit must be a whole number from 1 up\.\n$/],
  [['rail', 'pause', 'pigeon', 'why'], /^There is no rail "pigeon": the rails are book, instant\.\n$/],
  [['notice', 'replay', 'tr_1'], /^"tr_1" is not the id of a delivery \(de_…\)\.\n$/],
  [['notice', 'resume', 'tr_1'], /^"tr_1" is not the id of a webhook endpoint \(we_…\)\.\n$/],
  [['notice', 'resume', toPublic('webhookEndpoint', uuidV7())], /^There is no we_\w+\.\n$/],
  [['notice', 'replay', toPublic('delivery', uuidV7())], /^There is no de_\w+, or its endpoint was deleted\.\n$/],
])('%j ends with one sentence and code 1', async (args, sentence) => {
  const { code, err } = await operator(args);
  expect(err).toMatch(sentence);
  expect(code).toBe(1);
});

test('without the address of a database, or when none answers there, the error is a sentence without the password', async () => {
  const missing = await operator(['tenant', 'create', 'Acme'], '');
  expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/^These settings .*:\n {2}DATABASE_URL: /) });
  const away = await operator(['tenant', 'create', 'Acme'], 'postgres://somebody:hush@127.0.0.1:1/quittance');
  expect(away).toMatchObject({ code: 1, err: expect.stringMatching(/^Nothing answers at 127\.0\.0\.1:1: [^\n]+\n$/) });
  expect(away.err).not.toContain('hush');
});

test('replays a delivery, and resumes an endpoint', async () => {
  const endpoint = anEndpoint(accounts);
  await createEndpoint(pools.api, endpoint);
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  const [notice] = (await dueNotices(pools.worker, endpoint.id, 10)).notices;
  check(notice, 'a transfer makes a notice');
  const id = uuidV7();
  const settlement = { outcome: 'delivered' as const, status: 200, error: null, tookMs: 1, nextInMs: null };
  await settleNotice(pools.worker, { ...settlement, ...notice, id, endpointId: endpoint.id, tryN: 1 });
  const ofDelivery = toPublic('delivery', id);
  for (const out of ['Its notice is due again.\n', 'Its notice is due already.\n'])
    expect(await operator(['notice', 'replay', ofDelivery])).toMatchObject({ code: 0, out });
  expect((await dueNotices(pools.worker, endpoint.id, 10)).notices).toHaveLength(1);
  const down = { endpointId: endpoint.id, delivered: 0, isDown: true, askedMs: 0 };
  await observeEndpoint(pools.worker, down, { firstMs: 60_000, maxMs: 60_000 });
  expect((await dueNotices(pools.worker, endpoint.id, 10)).endpoint?.pausedMs).toBeGreaterThan(0);
  const resumed = await operator(['notice', 'resume', toPublic('webhookEndpoint', endpoint.id)]);
  expect(resumed).toMatchObject({ code: 0, out: 'Its pause is over, and what waits for it is due.\n' });
  expect((await dueNotices(pools.worker, endpoint.id, 10)).endpoint?.pausedMs).toBe(0);
});

test('makes the sample through the API at an address, and prints a line for a shell outside', async () => {
  const requests: string[] = [];
  const api = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers['idempotency-key']}`);
    // The first request gets a retryable 503, as while a platform starts.
    const status = requests.length === 1 ? 503 : 201;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: `x${requests.length}` }));
  });
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const { code, out } = await operator(['sample', 'create', address, '--link', 'http://outside']);
  await new Promise((resolve) => void api.close(resolve));
  expect(code).toBe(0);
  expect(out).toMatch(
    /^curl -sS http:\/\/outside\/v1\/transfers -H 'Authorization: Bearer qk_\S+' .*"account_id":"x2"/,
  );
  expect(requests).toEqual([
    'POST /v1/accounts sample-account-ada',
    'POST /v1/accounts sample-account-ada',
    'POST /v1/accounts sample-account-grace',
    'POST /v1/accounts sample-account-funding',
    'POST /v1/transfers sample-opening-balance',
  ]);
});

describe('verify', () => {
  let truth: unknown = { data: [], next_cursor: null };
  let truthUrl = '';
  const bank = createServer((_, response) => response.end(JSON.stringify(truth)));
  beforeAll(async () => {
    await new Promise<void>((resolve) => void bank.listen(0, '127.0.0.1', resolve));
    bank.unref();
    truthUrl = `http://127.0.0.1:${(bank.address() as AddressInfo).port}/control/truth`;
  });

  test('verifies with the reader: code 0 when all agrees', async () => {
    const { code, out } = await operator(['verify', '--json'], database.reader);
    expect(JSON.parse(out)).toMatchObject({ sound: true });
    expect(code).toBe(0);
  });

  test('asks the store too, and says when there is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'quittance-objects-'));
    const more = { STORAGE_URL: pathToFileURL(folder).href };
    const { code, out } = await operator(['verify', '--storage'], database.reader, more);
    rmSync(folder, { recursive: true });
    expect([code, out]).toEqual([0, expect.stringMatching(/^ok {6}versions +0 examined/m)]);
    expect(await operator(['verify', '--storage'], database.reader)).toMatchObject({
      code: 2,
      err: expect.stringContaining('set STORAGE_URL'),
    });
  });

  test('code 1 when the bank took a transfer that the ledger does not have', async () => {
    const destination = { routing_number: '021000021', account_number: '1' };
    const taken = { rail_key: 'k', status: 'accepted', amount: '1', currency: 'USD', destination };
    truth = { data: [taken], next_cursor: null };
    const { code, out } = await operator(['verify', '--truth', truthUrl], database.reader);
    expect(out).toMatch(/BROKEN {2}truth-theirs[\s\S]+The books are NOT sound\.\n$/);
    expect(code).toBe(1);
  });

  test('code 2 when it could not be examined: a bank with another answer, a login without rights, no database', async () => {
    truth = { items: [] };
    const shapeless = await operator(['verify', '--truth', truthUrl], database.reader);
    const blind = await operator(['verify'], database.api);
    const away = await operator(['verify'], 'postgres://somebody:hush@127.0.0.1:1/quittance');
    for (const { code, err } of [shapeless, blind, away]) {
      expect(err).toMatch(/^The ledger could not be verified: /mu);
      expect(code).toBe(2);
    }
    expect(blind.err).toContain('quittance_reader');
  });
});

test('an attention is acknowledged by the id of its transfer, with the reason why', async () => {
  const { transferId, sendN } = await sent(ledger, accounts);
  const id = toPublic('transfer', transferId);
  expect((await operator(['transfer', 'acknowledge', id, 'seen'])).err).toContain('has no attention');
  await ledger.conclude({ transferId, sendN, source: 'reply', outcome: 'unknown', code: 'http_500' });
  await pools.root.query("update ledger.transfer set state_since = now() - interval '1 hour' where id = $1", [
    transferId,
  ]);
  await raiseUnanswered(pools.worker, 10);
  expect(await operator(['transfer', 'acknowledge', id, 'the bank looks for it'])).toMatchObject({
    code: 0,
    out: `${id}: unknown_too_long is acknowledged\n`,
  });
  const { rows } = await pools.root.query('select action, detail from ledger.audit where subject = $1', [transferId]);
  expect(rows).toEqual([
    {
      action: 'transfer.attention_acknowledged',
      detail: { reason: 'unknown_too_long', why: 'the bank looks for it' },
    },
  ]);
  expect((await operator(['transfer', 'acknowledge', 'nothing', 'seen'])).err).toContain('is not the id of a transfer');
});
