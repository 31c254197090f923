import { expect, test } from '@jest/globals';
import { withClient } from '../../local/database.ts';
import { freshDatabase } from './database.ts';

test('a fresh database is migrated, lets each role log in, and goes away', async () => {
  const database = await freshDatabase();
  for (const [url, role] of [
    [database.api, 'quittance_api'],
    [database.worker, 'quittance_worker'],
    [database.reader, 'quittance_reader'],
  ] as const) {
    const answer = await withClient(url, (client) => client.query('select current_user as who'));
    expect(answer.rows[0].who).toBe(role);
  }
  const tables = await withClient(database.url, (client) =>
    client.query("select count(*)::int as n from pg_tables where schemaname = 'ledger'"),
  );
  expect(tables.rows[0].n).toBeGreaterThan(0);
  await database.drop();
  await expect(withClient(database.url, (client) => client.query('select 1'))).rejects.toThrow('does not exist');
});
