import { createHash, randomUUID } from 'node:crypto';
import { cpSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeStatement } from '../ledger/statements/store.ts';
import type { ObjectStore } from '../storage/port.ts';
import { type Accounts, createAccounts, withoutTriggers } from '../test/support/fixtures/accounts.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { endMonth, made, takeAll } from '../test/support/fixtures/statements.ts';
import { aDay, storageUrls, storeAt } from '../test/support/harness/storage.ts';
import { findingsOfStore } from './stored-objects.ts';

// What they hold is not a statement, and is kept for a day.
const { database, pools, ledger } = freshLedger({ mayViolate: ['statement-objects'] });
const { folder, removeFolder } = storageUrls();
let store: ObjectStore;
let accounts: Accounts;

beforeAll(async () => {
  store = storeAt(folder);
  accounts = await createAccounts(pools, ledger);
  const month = await endMonth(pools, accounts);
  for (const taken of await takeAll(pools, { tenantId: accounts.tenantId, month })) {
    const statement = made(taken);
    const objects = await Promise.all(statement.objects.map(put));
    const documentSha256 = objects.find(({ format }) => format === 'json')?.sha256 ?? '';
    await storeStatement(pools.worker, { ...statement, documentSha256, objects }, async () => {});
  }
});
afterAll(() => {
  store.close();
  removeFolder();
});

async function put<T extends { key: string }>(object: T) {
  const bytes = Buffer.from(randomUUID());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const retention = aDay();
  const answer = await store.put({ area: 'statements', key: object.key, bytes, sha256, type: 'text/plain', retention });
  if (!answer.ok) throw new Error(answer.refusal.code);
  const retainUntil = retention.until.toISOString();
  return { ...object, sha256, versionId: answer.value.versionId, bytes: bytes.length, retainUntil };
}

test('what the store has is what was recorded', async () => {
  expect(await findingsOfStore({ url: database.reader }, store)).toMatchObject([
    { name: 'stored', examined: expect.stringMatching(/^[1-9]/), breaches: '0', witness: null },
    { name: 'versions', examined: expect.stringMatching(/^[1-9]/), breaches: '0', witness: null },
  ]);
});

test.each([
  ['another version', "version_id = 'v0'", 'is not in the store'],
  ['other bytes', "sha256 = sha256('x')", 'has the checksum'],
  ['more bytes', 'bytes = bytes + 1', 'bytes, not'],
  ['a longer time', "retain_until = retain_until + interval '1 year'", 'is kept until'],
])('that %s was recorded is found', async (_, change, says) => {
  await withoutTriggers(pools.root, async (client) => {
    await client.query('create table kept as table ledger.statement_object');
    await client.query(`update ledger.statement_object set ${change}`);
  });
  const [found] = await findingsOfStore({ url: database.reader }, store);
  expect(found).toMatchObject({ breaches: found?.examined, witness: expect.stringContaining(says) });
  await withoutTriggers(pools.root, async (client) => {
    await client.query('delete from ledger.statement_object');
    await client.query('insert into ledger.statement_object table kept');
    await client.query('drop table kept');
  });
});

test('a second version of a key is found', async () => {
  const area = join(fileURLToPath(folder), 'statements');
  const facts =
    readdirSync(area, { recursive: true, encoding: 'utf8' }).find((path) => /\.object\/[^/]+\.json$/.test(path)) ?? '';
  cpSync(join(area, facts), join(area, dirname(facts), `${randomUUID()}.json`));
  const [, found] = await findingsOfStore({ url: database.reader }, store);
  expect(found).toMatchObject({ breaches: '1', witness: expect.stringMatching(/^tn_.* has another version/) });
});
