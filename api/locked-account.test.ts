import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { toPublic } from '../domain/ids.ts';
import { createAccounts } from '../test/support/fixtures/accounts.ts';
import { type Api, freshApi } from '../test/support/harness/api.ts';
import { bindLedgerVerbs } from './ledger-verbs.ts';

/** As many connections as the API has for writes. Who waits for a lock waits as long as it is held. */
let writes: pg.Pool;
// Before the database goes, so its hook stands before that of the database.
afterAll(() => writes.end());
const { accounts, pools, ledger, database, another } = freshApi();

let one: Api;
beforeAll(async () => {
  writes = new pg.Pool({
    connectionString: database.api,
    max: 12,
    application_name: 'locked',
    options: '-c lock_timeout=0 -c statement_timeout=0',
  });
  one = await another({
    tamper: (deps) => ({ ...deps, ledger: bindLedgerVerbs({ writes, checks: pools.api }, async () => {}) }),
  });
});

const path = (id: string): string => `/v1/accounts/${toPublic('account', id)}`;
const rename = (id: string, secret?: string) =>
  one.call(path(id), { method: 'PATCH', body: { name: 'Countess' }, ...(secret && { secret }) });

/** How many connections of the writes wait for a lock. */
async function waiting(): Promise<number> {
  const { rows } = await pools.root.query<{ n: number }>(
    "select count(*)::int as n from pg_stat_activity where application_name = 'locked' and wait_event_type = 'Lock'",
  );
  return rows[0]?.n ?? 0;
}

test('changes of a locked account take half of the places: its tenant and others change, look up and make things', async () => {
  const others = await createAccounts(pools, ledger);
  const secret = await one.keyWith({ tenantId: others.tenantId });
  const intruder = await pools.root.connect();
  await intruder.query('begin');
  await intruder.query('select from ledger.account where id = $1 for update', [accounts.ada]);
  const blocked = Array.from({ length: 30 }, () => rename(accounts.ada));
  while ((await waiting()) < 3) await new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 5; n += 1) {
    // Another account of the same tenant, another tenant, and a key that was never seen.
    const fresh = await one.keyWith({ tenantId: others.tenantId });
    const answers = [
      await rename(accounts.grace),
      await rename(others.ada, secret),
      await one.call('/v1/api-keys', { method: 'POST', body: { name: `key ${n}`, scopes: ['keys:admin'] }, secret }),
      await one.call('/v1/me', { secret: fresh }),
      await one.call('/health'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 201, 200, 200]);
    expect(await waiting()).toBe(3);
  }
  await intruder.query('rollback');
  intruder.release();
  // Each was made, or had no place in time and was not attempted.
  for (const { status, body } of await Promise.all(blocked))
    expect([200, 'not_attempted']).toContain(status === 200 ? status : body.code);
  expect((await rename(accounts.ada)).status).toBe(200);
});
