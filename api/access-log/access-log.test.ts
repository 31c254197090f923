import { createHmac, randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { check } from '../../domain/check.ts';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { disableTenant } from '../../ledger/access/disable-tenant.ts';
import { newSecret, readSeal, readSourceKey } from '../../ledger/access/seal.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { endMonth, makeAll } from '../../test/support/fixtures/statements.ts';
import { freshApi } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { routes } from '../routes.ts';
import type { AccessLog } from './access-log.ts';

/** What the archive gets of reading and of sign-ins, over HTTP and in the database. */
let log: AccessLog;
const { pools, ledger, accounts, api } = freshApi({
  tamper: (deps) => {
    log = deps.accessLog;
    // So that a test says from where it comes.
    return { ...deps, trustedProxies: ['127.0.0.0/8'] };
  },
});
let ada: string;
beforeAll(() => {
  ada = toPublic('account', accounts.ada);
});

type Key = Parameters<typeof api.keyWith>[0];

/** A key of its own, and what it has read until now. */
async function aReader(options: Key = {}) {
  const secret = await api.keyWith(options);
  const actor = `api_key:${fromPublic('apiKey', (await api.call('/v1/me', { secret })).body.id)}`;
  const read = (path: string, more: Parameters<typeof api.call>[1] = {}) => api.call(path, { ...more, secret });
  const rows = async () => {
    await log.writeAll();
    const text = `select tenant_id, subject_type, subject_id, count from ledger.archive_access where actor = $1 order by subject_type, subject_id, id`;
    return (await pools.root.query(text, [actor])).rows;
  };
  return { secret, actor, read, rows };
}
const row = (subject_type: string, subject_id: string | null, count = 1) => ({
  ...{ tenant_id: accounts.tenantId, subject_type, subject_id, count },
});
/** Waits until a minute has some seconds left. */
const inOneMinute = () => until(() => Date.now() % 60_000 < 45_000);

test('two reads of a balance in a minute are one row that counts two, and another reader has another row', async () => {
  const [one, other] = [await aReader(), await aReader()];
  await inOneMinute();
  for (const { read } of [one, one, other]) expect((await read(`/v1/accounts/${ada}/balance`)).status).toBe(200);
  expect(await one.rows()).toEqual([row('balance', accounts.ada, 2)]);
  expect(await other.rows()).toEqual([row('balance', accounts.ada)]);
  const { rows } = await pools.root.query(
    "select minute = date_trunc('minute', minute) and minute between now() - interval '2 minutes' and now() as is_now from ledger.archive_access where actor = $1",
    [one.actor],
  );
  expect(rows).toEqual([{ is_now: true }]);
});

test('what is refused showed nothing: another tenant, nobody, without the scope, with a wrong parameter', async () => {
  const theirs = await createAccounts(pools, ledger);
  const [reader, blind] = [await aReader(), await aReader({ scopes: ['transfers:read'] })];
  const statuses = [];
  for (const id of [theirs.ada, theirs.tenantId].map((uuid) => toPublic('account', uuid)))
    for (const path of ['', '/balance', '/postings'])
      statuses.push((await reader.read(`/v1/accounts/${id}${path}`)).status);
  statuses.push((await reader.read(`/v1/statements/${toPublic('statement', theirs.ada)}`)).status);
  statuses.push((await reader.read(`/v1/accounts?limit=0`)).status);
  statuses.push((await reader.read('/balance', { body: { account_id: toPublic('account', theirs.ada) } })).status);
  expect(statuses).toEqual([...Array(7).fill(404), 400, 404]);
  expect((await blind.read(`/v1/accounts/${ada}`)).status).toBe(403);
  expect([await reader.rows(), await blind.rows()]).toEqual([[], []]);
});

test('every route that shows something leaves the row that it says', async () => {
  const month = await endMonth(pools, accounts);
  const [statementId] = await makeAll(pools, { tenantId: accounts.tenantId, month }).then((made) => [...made.keys()]);
  check(statementId, 'a statement was made');
  const [reader, expected] = [await aReader(), new Map<string, number>()];
  const period = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
  await inOneMinute();
  for (const { method, path, operation } of routes) {
    if (!operation.shows) continue;
    const { type, of } = operation.shows;
    const thing = path.includes('statement') ? { id: toPublic('statement', statementId) } : { id: ada };
    const address = `${path.replace('{id}', thing.id)}${path.includes('.csv') ? `?${period}` : ''}`;
    const body = path === '/balance' ? { account_id: ada } : { format: 'csv' };
    const answer = await reader.read(address, method === 'POST' ? { body } : {});
    expect([address, answer.status]).toEqual([address, expect.any(Number)]);
    expect([address, answer.text, answer.status < 300]).toEqual([address, answer.text, true]);
    const subject = `${type} ${of ? (type === 'statement' ? statementId : accounts.ada) : null}`;
    expected.set(subject, (expected.get(subject) ?? 0) + 1);
  }
  expect(expected.size).toBe(5);
  const rows = (await reader.rows()).map(({ subject_type: type, subject_id: id, count }) => [`${type} ${id}`, count]);
  expect(rows.toSorted()).toEqual([...expected].toSorted());
});

/** Tries to sign in from an address of its own, and returns what was counted of it. */
async function refusedFrom(address: string, secret: string | null, header?: string) {
  const headers = { 'x-forwarded-for': address, ...(header !== undefined && { authorization: header }) };
  const { status } = await api.call('/v1/me', { secret, headers });
  await log.writeAll();
  const hash = createHmac('sha256', await readSourceKey(pools.root))
    .update(networkOf(address))
    .digest();
  const { rows } = await pools.root.query(
    'select tenant_id, reason, last4, count, last_at >= first_at and first_at >= window_at as is_timed from ledger.archive_refused_sign_in where source_hash = $1',
    [hash],
  );
  return { status, rows };
}
const networkOf = (address: string) => address.replace(/\.\d+$/, '.0/24');
/** Addresses of which no two are in one network. */
let networks = 0;
function anAddress(): string {
  networks += 1;
  return `10.77.${networks}.9`;
}

test('who is not let in is counted with why, whose key it was, and its end', async () => {
  const seal = await readSeal(pools.root);
  const theirs = await createAccounts(pools, ledger);
  const disabled = await api.keyWith({ tenantId: theirs.tenantId });
  await disableTenant(pools.root, { id: theirs.tenantId, isDisabled: true, actor: 'test' });
  const made = (await api.call('/v1/api-keys', { body: { name: 'Short', scopes: ['transfers:read'] } })).body;
  await api.call(`/v1/api-keys/${made.id}`, { method: 'DELETE' });
  const expired = await api.keyWith({ expiresAt: new Date(Date.now() + 100).toISOString() });
  const bound = await api.keyWith({ addresses: ['192.0.2.0/24'] });
  await until(async () => (await api.call('/v1/me', { secret: expired })).status === 401);
  const madeUp = `qk_${randomBytes(38).toString('base64url').padEnd(51, 'A')}`;
  const own = accounts.tenantId;
  for (const [secret, status, tenant_id, reason] of [
    [null, 401, null, 'no_key'],
    [madeUp, 401, null, 'made_up_key'],
    [newSecret(seal), 401, null, 'unknown_key'],
    [made.secret, 401, own, 'revoked'],
    [expired, 401, own, 'expired'],
    [disabled, 403, theirs.tenantId, 'tenant_disabled'],
    [bound, 403, own, 'address_not_allowed'],
  ]) {
    const last4 = secret === null ? null : secret.slice(-4);
    expect([reason, await refusedFrom(anAddress(), secret)]).toEqual([
      reason,
      { status, rows: [{ tenant_id, reason, last4, count: 1, is_timed: true }] },
    ]);
  }
});

test('of what was never meant as a key nothing is kept', async () => {
  for (const header of ['Basic dXNlcjpwYXNzd29yZA==', 'Bearer hunter2', 'Bearer sk_live_abcdefgh']) {
    const { status, rows } = await refusedFrom(anAddress(), null, header);
    expect([header, status, rows]).toMatchObject([header, 401, [{ reason: 'made_up_key', last4: null }]]);
  }
});

test('a flood of wrong keys from everywhere is a few rows whose counts are all of them', async () => {
  await log.writeAll();
  const before = await pools.root.query(
    'select count(*)::int as rows, sum(count)::int as count from ledger.archive_refused_sign_in',
  );
  const flood = Array.from({ length: 1_000 }, (_, n) =>
    api.call('/v1/me', {
      secret: `qk_${randomBytes(38).toString('base64url')}`,
      headers: { 'x-forwarded-for': `10.${n % 200}.${n % 7}.1` },
    }),
  );
  expect(new Set((await Promise.all(flood)).map(({ status }) => status))).toEqual(new Set([401]));
  await log.writeAll();
  const after = await pools.root.query(
    'select count(*)::int as rows, sum(count)::int as count from ledger.archive_refused_sign_in',
  );
  expect(after.rows[0].count - before.rows[0].count).toBe(1_000);
  expect(after.rows[0].rows - before.rows[0].rows).toBeLessThanOrEqual(100);
});
