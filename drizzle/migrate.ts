import { fileURLToPath } from 'node:url';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyPending } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { endInWords } from '../config/end-in-words.ts';
import { readEnv } from '../config/env.ts';

const folder = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number does, as long as every migrator of this database uses the same one. */
const migrationLock = 7200;
const lockTimeoutMs = 60_000;

/**
 * Brings a database to the newest schema. `url` logs in as a superuser, or as a role that may create roles and schemas.
 * Safe to run from many processes at once (one advisory lock) and again and again. Throws when a migration that was
 * applied has been edited since: drizzle keeps each file's hash but never looks at it.
 */
export async function migrate({ url }: { url: string }): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'quittance-migrate' });
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await refuseEdited(client);
    await applyPending(drizzle(client), { migrationsFolder: folder });
  } catch (error) {
    // Drizzle's own error says the whole file and not what is wrong with it.
    throw error instanceof DrizzleQueryError ? (error.cause ?? error) : error;
  } finally {
    await client.end();
  }
}

async function refuseEdited(client: pg.Client): Promise<void> {
  const there = await client.query<{ yes: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as yes",
  );
  if (!there.rows[0]?.yes) return;
  const applied = await client.query<{ hash: string; created_at: string }>(
    'select hash, created_at from drizzle.__drizzle_migrations',
  );
  const hashes = new Map(applied.rows.map((row) => [Number(row.created_at), row.hash]));
  for (const { folderMillis, hash } of readMigrationFiles({ migrationsFolder: folder })) {
    const before = hashes.get(folderMillis);
    if (before !== undefined && before !== hash) throw new Error(edited(folderMillis));
  }
}

const edited = (when: number): string =>
  `The migration of ${when} in drizzle/migrations/meta/_journal.json was changed after it was applied to this database. Restore its file and add a new migration.`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endInWords();
  await migrate({ url: readEnv().database.url.reveal() });
  process.stdout.write('The database has the newest schema.\n');
}
