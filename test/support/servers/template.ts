import { migrate } from '../../../drizzle/migrate.ts';
import { createDatabase, databaseUrl, setRolePasswords } from '../../../local/servers/database.ts';

/** The migrated, empty database from which each test file gets its own copy. Nobody may stay connected to it. */
export const templateDatabase = 'quittance_template';

/** Makes the template once per test run and lets the roles log in with the superuser's own password. */
export async function makeTemplate(superuser: string): Promise<void> {
  await createDatabase(superuser, templateDatabase);
  await migrate({ url: databaseUrl(superuser, templateDatabase) });
  await setRolePasswords(superuser, () => decodeURIComponent(new URL(superuser).password));
}
