import { randomBytes } from 'node:crypto';
import { check } from '../../domain/check.ts';
import { createDatabase, databaseUrl, roleUrl, withClient } from '../../local/database.ts';
import { templateDatabase } from './servers/template.ts';

/** One database of a test file's own: the superuser's address, one per role, and its end. */
export type FreshDatabase = { url: string; api: string; worker: string; reader: string; drop: () => Promise<void> };

/** A migrated, empty database in about 50 ms. `drop` also ends connections that a failed test left open. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const superuser = process.env['TEST_POSTGRES_URL'];
  check(superuser, 'TEST_POSTGRES_URL is not set: this test belongs to the jest project "real"');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await createDatabase(superuser, name, templateDatabase);
  const url = databaseUrl(superuser, name);
  const password = decodeURIComponent(new URL(superuser).password);
  return {
    url,
    api: roleUrl(url, 'quittance_api', password),
    worker: roleUrl(url, 'quittance_worker', password),
    reader: roleUrl(url, 'quittance_reader', password),
    drop: () =>
      withClient(superuser, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}
