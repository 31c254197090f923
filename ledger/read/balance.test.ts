import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { createReader } from '../../drizzle/client.ts';
import { blocksOf, recordingPool } from '../../test/size/blocks.ts';
import { type Accounts, aTransfer, createAccounts, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { readBalanceAt } from './balance.ts';

/** Sixty months of partitions. One account has a posting in this month, another had its only one in the first of them. */
const { pools, ledger } = freshLedger({
  mayViolate: ['batches', 'completed', 'rows', 'states', 'evidence', 'entries', 'effective'],
});
const months = 60;
let accounts: Accounts;
const monthsAgo = (n: number): Date => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n, 15));
};
beforeAll(async () => {
  accounts = await createAccounts(pools, ledger);
  await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '100' }));
  await pools.root.query(
    `select ledger.make_partition(parent, date_trunc('month', now() at time zone 'UTC') - make_interval(months => n))
     from unnest(ledger.partitioned_tables()) parent, generate_series(1, $1) n`,
    [months],
  );
  // Grace's only posting was five years ago.
  await withoutTriggers(pools.root, async (client) => {
    await client.query('update ledger.posting set created_at = $1 where account_id = $2', [
      monthsAgo(months),
      accounts.grace,
    ]);
  });
});

/** What the question answers, and how many blocks it visits, as the API asks it. */
async function costOf(accountId: string, at: Date) {
  const client = await pools.api.connect();
  try {
    await client.query('begin');
    const { pool, statements } = recordingPool(client);
    const answer = await readBalanceAt(createReader(pool), accounts.tenantId, { accountId, at });
    const [statement] = statements;
    return { posted: answer.posted, blocks: statement ? await blocksOf(client, statement) : 0 };
  } finally {
    client.release(true);
  }
}

test('a balance of today looks into the newest month and stops there, however many there are', async () => {
  const { posted, blocks } = await costOf(accounts.ada, new Date(Date.now() + 60_000));
  expect(posted).toBe(9_900n);
  expect(blocks).toBeLessThanOrEqual(6);
});

test('an account that was quiet for five years costs one probe of each month at most', async () => {
  const { posted, blocks } = await costOf(accounts.grace, new Date(Date.now() + 60_000));
  expect(posted).toBe(100n);
  expect(blocks).toBeLessThanOrEqual(2 * (months + 5));
});

test('months after the instant are not looked into', async () => {
  const { posted, blocks } = await costOf(accounts.grace, monthsAgo(months - 2));
  expect(posted).toBe(100n);
  expect(blocks).toBeLessThanOrEqual(10);
  expect((await costOf(accounts.grace, monthsAgo(months + 1))).posted).toBe(0n);
});
