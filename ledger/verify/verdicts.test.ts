import { expect, test } from '@jest/globals';
import { withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { transfersInEveryState } from '../../test/support/fixtures/every-state.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { findingsAfter } from '../../test/support/fixtures/planted.ts';
import { examine } from './examine.ts';
import { isPunctual, isSound } from './run.ts';

const { database, pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });

const verdicts = async (sql: string) => {
  const findings = await findingsAfter(sql, { root: pools.root });
  return { sound: isSound(findings), punctual: isPunctual(findings) };
};

test('what is late says nothing about the books, and the books say nothing about lateness', async () => {
  await transfersInEveryState({ pools, ledger }, accounts);
  expect(await verdicts('select 1')).toEqual({ sound: true, punctual: true });
  const late = "update ledger.transfer set next_at = now() - interval '61 seconds' where state = 'unknown'";
  expect(await verdicts(late)).toEqual({ sound: true, punctual: false });
  const wrong = `update ledger.balance set debit_posted = debit_posted + 1 where account_id = '${accounts.ada}'`;
  expect(await verdicts(wrong)).toEqual({ sound: false, punctual: true });
});

test('a line that moves is not late, however long it is', async () => {
  const late = "update ledger.transfer set next_at = now() - interval '1 day' where state = 'scheduled'";
  expect((await verdicts(`${late}; update ledger.rail set taken_at = now()`)).punctual).toBe(true);
  expect((await verdicts(`${late}; update ledger.rail set taken_at = now() - interval '1 hour'`)).punctual).toBe(false);
});

test('a primary under load is noticed before it is verified', async () => {
  const warnings: string[] = [];
  const verify = () => examine({ url: database.reader, onBusyPrimary: () => warnings.push('busy') });
  await verify();
  expect(warnings).toEqual([]);
  await withoutTriggers(pools.root, async (client) => {
    await client.query(
      'insert into ledger.batch (created_at, commands, entries) select now(), 4242, 0 from generate_series(1, 100)',
    );
  });
  await verify();
  expect(warnings).toEqual(['busy']);
  await withoutTriggers(pools.root, async (client) => {
    await client.query('delete from ledger.batch where commands = 4242');
  });
});
