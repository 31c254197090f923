import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLedger } from '../../ledger/index.ts';
import {
  type Accounts,
  aTransfer,
  balanceOf,
  createAccounts,
  ledgerOf,
  type Pools,
  poolsOf,
  toBank,
} from '../../test/support/fixtures/accounts.ts';
import { type FreshDatabase, freshDatabase } from '../../test/support/fixtures/database.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { reserveAtOnce } from './reserve.ts';

let database: FreshDatabase;
let pools: Pools;
let accounts: Accounts;
const { alarms, raised } = listenForAlarms();
beforeAll(async () => {
  database = await freshDatabase();
  pools = poolsOf(database);
  accounts = await createAccounts(pools, ledgerOf(pools));
});
beforeEach(() => {
  raised.length = 0;
});
afterAll(async () => {
  await pools.end();
  await database.drop();
});

test('a bug on the answer to a commit is not answered as not_attempted', async () => {
  const ledger = createLedger({ pool: pools.worker, onCommit: () => Promise.reject(new TypeError('broken')) });
  const request = aTransfer(accounts, { amount: '300' });
  const answers = await reserveAtOnce({ ledger, alarms })(oneOf(request));
  expect(answers).toMatchObject([{ id: request.id, result: 'undecided' }]);
  expect((await balanceOf(pools, accounts.grace)).posted).toBe(300n);
  expect(raised).toMatchObject([{ alarm: 'reserve_refused' }]);
});

test('what the database refuses permanently wrote nothing, and the client gets not_attempted', async () => {
  const request = aTransfer(accounts, { amount: '99999999999999999999' });
  const answers = await reserveAtOnce({ ledger: ledgerOf(pools), alarms })(oneOf(request));
  expect(answers).toMatchObject([{ id: request.id, result: 'internal_error' }]);
  expect(raised).toMatchObject([{ alarm: 'reserve_refused' }]);
});

test('a network that no worker has registered is said, and raises an alarm', async () => {
  const request = toBank(accounts, { rail: 'telex' });
  const answers = await reserveAtOnce({ ledger: ledgerOf(pools), alarms })(oneOf(request));
  expect(answers).toEqual([{ id: request.id, tenantId: request.tenantId, result: 'rail_unknown' }]);
  expect(raised).toMatchObject([{ alarm: 'rail_unknown', rail: 'telex' }]);
});

const oneOf = (request: ReturnType<typeof aTransfer>) => ({
  groupId: randomUUID(),
  requests: [request],
  withinMs: 5_000,
});
