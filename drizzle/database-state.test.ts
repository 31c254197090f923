import { expect, test } from '@jest/globals';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { createPool, databaseState } from './client.ts';

const { database, pools } = freshLedger();

test('a database that answers and takes no writes says so', async () => {
  expect(await databaseState(pools.api)).toBe('ok');
  const name = new URL(database.url).pathname.slice(1);
  await pools.root.query(`alter database ${name} set default_transaction_read_only = on`);
  const later = createPool({ url: database.api, max: 1, name: 'test', role: 'quittance_api' });
  expect(await databaseState(later)).toBe('read_only');
  await later.end();
  await pools.root.query(`alter database ${name} reset default_transaction_read_only`);
});
