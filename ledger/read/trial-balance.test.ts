import { expect, test } from '@jest/globals';
import { createReader } from '../../drizzle/client.ts';
import { aTransfer, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reservedTogether } from '../../test/support/fixtures/sends.ts';
import { readTrialBalance, type TrialBalance } from './trial-balance.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const read = (): Promise<TrialBalance> => readTrialBalance(createReader(pools.api), accounts.tenantId);

/** What the accounts of the tenant add up to, as the answer has it. */
async function sumOfBalances(): Promise<TrialBalance['rows']> {
  const { rows } = await pools.root.query<Record<'currency' | 'debits' | 'credits', string> & { kind: 'customer' }>(
    `select currency, kind, sum(debit_posted)::text as debits, sum(credit_posted)::text as credits from ledger.balance
     where tenant_id = $1 group by 1, 2 having sum(debit_posted) + sum(credit_posted) > 0 order by 1, 2`,
    [accounts.tenantId],
  );
  return rows.map((row) => ({ ...row, debits: BigInt(row.debits), credits: BigInt(row.credits) }));
}

const stripes = async (): Promise<number> => {
  const { rowCount } = await pools.root.query(
    "select from ledger.posted_total where tenant_id = $1 and kind = 'customer'",
    [accounts.tenantId],
  );
  return rowCount ?? 0;
};

const off = ({ rows }: TrialBalance): bigint => rows.reduce((sum, { debits, credits }) => sum + debits - credits, 0n);

test('it is the sum of all balances, whatever commits at once, and every read of it balances', async () => {
  const commits = Array.from({ length: 100 }, (_, n) =>
    reservedTogether(pools, [
      aTransfer(accounts, { amount: '1' }),
      ...(n % 3 === 0 ? [toBank(accounts, { amount: '1' })] : []),
    ]),
  );
  const reads = Array.from({ length: 20 }, read);
  for (const one of await Promise.all(reads)) expect(off(one)).toBe(0n);
  await Promise.all(commits);
  const { rows, asOf } = await read();
  expect(rows).toEqual(await sumOfBalances());
  expect(Date.parse(asOf)).not.toBeNaN();
});

test('commits one after the other share a stripe; one that has it locked delays no other', async () => {
  for (let n = 0; n < 5; n += 1) await reservedTogether(pools, [aTransfer(accounts, { amount: '1' })]);
  const before = await stripes();
  const holder = await pools.root.connect();
  try {
    await holder.query('begin');
    await holder.query('select from ledger.posted_total where tenant_id = $1 for update', [accounts.tenantId]);
    await reservedTogether(pools, [aTransfer(accounts, { amount: '1' })]);
    expect(await stripes()).toBe(before + 1);
    expect((await read()).rows).toEqual(await sumOfBalances());
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  await reservedTogether(pools, [aTransfer(accounts, { amount: '1' })]);
  expect(await stripes()).toBe(before + 1);
});
