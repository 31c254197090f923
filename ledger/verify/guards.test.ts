import { expect, test } from '@jest/globals';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { findingsAfter } from '../../test/support/fixtures/planted.ts';
import { guards as plants } from '../../test/support/plants/guards.ts';
import { guards } from './guards.ts';

const { pools } = freshLedger();

const found = (sql: string) => findingsAfter(sql, { root: pools.root, checks: [guards] });

test('a database that its release migrated has every guard', async () => {
  expect(await found('select 1')).toMatchObject([{ breaches: '0', witness: null }]);
});

test.each(plants)('%s → %s', async (_, name, sql) => {
  expect(await found(sql)).toMatchObject([
    { name, breaches: expect.stringMatching(/^[1-9]/), witness: expect.any(String) },
  ]);
});
