import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { aTransfer, type Pools } from '../../test/support/fixtures/accounts.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';
import { endMonthNow, statementsOf } from '../../test/support/harness/statement-runs.ts';
import { statementRunId } from '../../workflows/contract/ids.ts';
import { startStatementRun } from './start-run.ts';

let platform: Platform;
/** The statement whose postings are question for first: twice the database ends that call after its time. */
const slow = { id: '', ends: 0 };
beforeAll(async () => {
  platform = await startInProcess({
    tamper: (deps) => ({ ...deps, statements: { ...deps.statements, pool: withTimeouts(deps.statements.pool) } }),
  });
});
afterAll(() => platform.end());

function withTimeouts(pool: Pools['worker']): Pools['worker'] {
  const query = async (question: pg.QueryConfig, values: string[]) => {
    const isPostings = question.text.includes('ledger.statement_postings(');
    if (isPostings) slow.id ||= values[1] ?? '';
    if (!isPostings || values[1] !== slow.id || slow.ends === 2) return await pool.query(question, values);
    slow.ends += 1;
    return await pool.query("set statement_timeout = 20; select pg_sleep(5); set statement_timeout = '3s'");
  };
  return Object.create(pool, { query: { value: query }, connect: { value: pool.connect.bind(pool) } });
}

test('a statement whose postings the database does not give in time waits by itself, and the others are made at once', async () => {
  const { tenantId } = platform.accounts;
  await platform.accept('book', [aTransfer(platform.accounts, { amount: '1' })]);
  const month = await endMonthNow(platform.pools, tenantId);
  await startStatementRun(platform.client, { tenantId, month, waits: platform.waits });
  const run = platform.client.workflow.getHandle(statementRunId(tenantId, month));
  expect(await run.result()).toEqual({ made: 3, left: 0, attention: 0 });
  const made = await statementsOf(platform.pools, tenantId, month);
  expect(made.map(({ id, tries }) => [id === slow.id, tries]).toSorted()).toEqual([
    [false, 0],
    [false, 0],
    [true, 2],
  ]);
});
