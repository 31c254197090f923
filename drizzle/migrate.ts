import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyPending } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
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
  } finally {
    await client.end();
  }
}

async function refuseEdited(client: pg.Client): Promise<void> {
  const journal = JSON.parse(await readFile(`${folder}/meta/_journal.json`, 'utf8')) as Journal;
  const there = await client.query("select to_regclass('drizzle.__drizzle_migrations') is not null as yes");
  if (!there.rows[0].yes) return;
  const applied = await client.query('select hash, created_at from drizzle.__drizzle_migrations');
  const hashes = new Map(applied.rows.map((row) => [Number(row.created_at), String(row.hash)]));
  for (const { tag, when } of journal.entries) {
    const sql = await readFile(`${folder}/${tag}.sql`, 'utf8');
    const hash = hashes.get(when);
    if (hash && hash !== createHash('sha256').update(sql).digest('hex')) {
      throw new Error(
        `The migration ${tag} was changed after it was applied to this database. Restore the file and add a new migration.`,
      );
    }
  }
}

/** drizzle's own index of the migration files; `when` is the identity under which it stores a hash. */
type Journal = { entries: { tag: string; when: number }[] };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await migrate({ url: readEnv().database.url.reveal() });
  process.stdout.write('The database has the newest schema.\n');
}
