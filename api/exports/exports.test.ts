import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { request } from 'undici';
import { toPublic } from '../../domain/ids.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshApi } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { read } from '../../test/support/tree.ts';

const { pools, ledger, accounts, api, another } = freshApi({ mayViolate: ['rows', 'states', 'sequences', 'evidence'] });

/** What a test makes is younger than the minute that an export leaves out, so its API believes in a later clock. */
const inTwoMinutes = { tamper: <D>(deps: D) => ({ ...deps, clockMs: () => 120_000 }) };
const period = () => ({
  from: new Date(Date.now() - 3_600_000).toISOString(),
  to: new Date(Date.now() + 30_000).toISOString(),
});

const page = 'docs/how-to/export-for-accountants.md';
/** The columns of a file, as the page lists them. */
const columnsOf = ([first = '']: string[]): string =>
  `| ${first
    .split(',')
    .map((name) => `\`${name}\``)
    .join(', ')} |`;

const file = async (path: string, secret: string, base = '') => {
  const { statusCode, headers, body, trailers } = await request(`${base}${path}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const text = await body.text();
  return {
    status: statusCode,
    headers,
    lines: text.split('\r\n').slice(0, -1),
    rows: Number(trailers['row-count']),
    text,
  };
};

test('transfers of a period, oldest first, with what a spreadsheet would run as a formula disarmed', async () => {
  const one = await another(inTwoMinutes);
  const secret = await api.keyWith({});
  const made = [
    aTransfer(accounts, { reference: '=1+1' }),
    aTransfer(accounts, { reference: 'a, "b"', description: '-x' }),
    aTransfer(accounts, { amount: '999999999' }),
  ];
  for (const transfer of made) await ledger.reserve(randomUUID(), transfer);
  const found = await file(`/v1/exports/transfers.csv?${new URLSearchParams(period())}`, secret, one.url);
  expect(found).toMatchObject({ status: 200, headers: { 'content-type': 'text/csv; charset=utf-8; header=present' } });
  expect(found.headers['content-disposition']).toMatch(/^attachment; filename="transfers-[-0-9]+\.csv"$/);
  expect(found.lines[0]).toMatch(/^id,created_at,completed_at,status,amount,currency,rail,/);
  expect(read(page)).toContain(columnsOf(found.lines));
  const [first, second, third] = found.lines.slice(-3);
  expect(first).toContain(`${toPublic('transfer', made[0]?.id ?? '')},`);
  expect(first).toContain(",'=1+1,");
  expect(second).toContain(`,"a, ""b""",'-x,`);
  expect(third).toContain(',declined,999999999,USD,book,');
  expect(found.rows).toBe(found.lines.length - 1);
});

test('postings of a period, account by account, add up to the balances', async () => {
  const one = await another(inTwoMinutes);
  const secret = await api.keyWith({});
  // More than a page of one account.
  await Promise.all(
    Array.from({ length: 510 }, () => ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '1' }))),
  );
  const found = await file(`/v1/exports/postings.csv?${new URLSearchParams(period())}`, secret, one.url);
  expect(read(page)).toContain(columnsOf(found.lines));
  const rows = found.lines.slice(1).map((line) => line.split(','));
  expect(found.rows).toBe(rows.length);
  const { rows: counted } = await pools.root.query<{ n: number }>(
    'select count(*)::int as n from ledger.posting where tenant_id = $1',
    [accounts.tenantId],
  );
  expect(rows).toHaveLength(counted[0]?.n ?? 0);
  for (const id of [accounts.ada, accounts.grace]) {
    const its = rows.filter(([account]) => account === toPublic('account', id));
    const balance = (await api.call(`/v1/accounts/${toPublic('account', id)}/balance`)).body.posted;
    expect(its.reduce((sum, cells) => sum + BigInt(cells[5] ?? ''), 0n)).toBe(BigInt(balance));
    expect(its.at(-1)?.[6]).toBe(balance);
    expect(its.map((cells) => Number(cells[2]))).toEqual(its.map((_, n) => n + 1));
  }
});

test.each([
  ['from', {}, 400],
  ['to', { from: '2026-01-01T00:00:00Z' }, 400],
  ['to', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 400],
  ['to', { from: '2025-01-01T00:00:00Z', to: '2026-01-03T00:00:00Z' }, 400],
  ['to', { from: new Date().toISOString(), to: new Date(Date.now() + 60_000).toISOString() }, 400],
])('a wrong %s is refused: %j', async (name, query, status) => {
  const refused = await api.call(`/v1/exports/transfers.csv?${new URLSearchParams(query)}`);
  expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([status, `query/${name}`]);
});

test('one export of a tenant runs at a time, a slow client holds no connection, and one that goes frees the place', async () => {
  const one = await another(inTwoMinutes);
  const secret = await api.keyWith({});
  await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '999999999' }));
  // Enough that it does not fit into the buffers of a connection.
  await pools.root.query(
    `insert into ledger.transfer select made.*
     from (select t, t.created_at as at from ledger.transfer t where tenant_id = $1 and state = 'declined' limit 1) one,
       generate_series(1, 20000) n,
       jsonb_populate_record(one.t, jsonb_build_object('id', ledger.uuid_v7(one.at), 'description', repeat('x', 500),
         'idempotency_key', n::text, 'version', 1)) made`,
    [accounts.tenantId],
  );
  const path = `/v1/exports/transfers.csv?${new URLSearchParams(period())}`;
  const slow = connect(one.port, '127.0.0.1');
  slow.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\n\r\n`);
  await new Promise((resolve) => slow.once('readable', resolve));
  const ask = () => file(path, secret, one.url);
  expect((await ask()).status).toBe(429);
  await until(async () => {
    const { rows } = await pools.root.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where datname = current_database() and state like '%transaction%'",
    );
    return rows[0]?.n === 0;
  }, 10_000);
  expect((await one.call('/v1/accounts', { secret })).status).toBe(200);
  slow.destroy();
  let again = await ask();
  await until(async () => {
    if (again.status === 429) again = await ask();
    return again.status !== 429;
  }, 20_000);
  expect([again.status, again.lines[0]?.slice(0, 200)]).toEqual([200, expect.stringMatching(/^id,/)]);
  expect(again.rows).toBe(again.lines.length - 1);
  expect(again.rows).toBeGreaterThan(20_000);
  await pools.root.query(
    "set session_replication_role = replica; delete from ledger.transfer where description like 'xxx%'",
  );
});

test.each([
  ['a day that no calendar has', '2026-11-31T00:00:00Z'],
  ['a year that no clock here has', '0001-01-01T00:00:00Z'],
  ['before it begins', '2025-01-01T00:00:00Z'],
  ['more than a year', '2028-01-01T00:00:00Z'],
])('a period that ends on %s is refused', async (_, to) => {
  const { status, body } = await api.call(`/v1/exports/postings.csv?from=2026-01-01T00:00:00Z&to=${to}`);
  expect([status, body.errors[0].pointer ?? body.errors[0].parameter]).toEqual([400, expect.stringContaining('to')]);
});

test.each(['x', '2026-11-31T00:00:00Z', '', '2026-13-01T00:00:00Z'])('%j is no end of a period', async (to) => {
  const query = new URLSearchParams({ from: '2026-01-01T00:00:00Z', to });
  const refused = await api.call(`/v1/exports/transfers.csv?${query}`);
  expect([refused.status, refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
    400,
    ['query/to'],
  ]);
});

test('HEAD has the headers and no file', async () => {
  const head = await api.call(
    `/v1/exports/transfers.csv?${new URLSearchParams({ from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' })}`,
    { method: 'HEAD' },
  );
  expect([head.status, head.text]).toEqual([200, '']);
});
