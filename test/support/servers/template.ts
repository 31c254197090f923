import pg from 'pg';
import { migrate } from '../../../drizzle/migrate.ts';
import { registerRail } from '../../../ledger/rails/register.ts';
import { createDatabase, databaseUrl, setRolePasswords } from '../../../local/servers/database.ts';
import { networkNames } from '../../../rails/index.ts';

/** The migrated, empty database, in which every network is registered, from which each test file gets its own copy. Nobody may stay connected to it. */
export const templateDatabase = 'quittance_template';

/** Makes the template once per test run and lets the roles log in with the superuser's own password. */
export async function makeTemplate(superuser: string): Promise<void> {
  await createDatabase(superuser, templateDatabase);
  const url = databaseUrl(superuser, templateDatabase);
  await migrate({ url });
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  for (const name of networkNames) await registerRail(pool, name);
  await pool.end();
  await setRolePasswords(superuser, () => decodeURIComponent(new URL(superuser).password));
}
