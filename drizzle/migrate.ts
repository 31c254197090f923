import '../config/environment.ts';

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyPending } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { readEnv } from '../config/env.ts';
import { explainStartErrors } from '../config/explain-error.ts';
import { createPasswords, type DatabaseLogin } from '../config/iam-passwords.ts';
import { connectionOf } from './login.ts';
import { openToTokens } from './open-to-tokens.ts';
import { setLogSettings, setRoleSettings } from './session.ts';
import { applySources } from './sources/apply.ts';
import { contract, type Leftovers, leftovers } from './sources/contract.ts';
import { readSources } from './sources/tree.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Any number does, as long as every migrator of this database uses the same one. */
const migrationLock = 7200;
/** Another migration may run; a lock that is held longer is an error. */
const lockTimeoutMs = 60_000;

/** Logs in as a superuser, or as a role that may create roles and schemas. */
export type MigrateOptions = DatabaseLogin & {
  /** Whether what the tree has no more is dropped: when no program of an earlier release runs. */
  contracting?: boolean;
  /** Where `drizzle/migrations` and `ledger` stand: this tree, unless a test gives that of another release. */
  tree?: string;
};

/** What a migration did. `left`: what the tree has no more, still there or, when contracting, dropped now. `notLogged`: settings of the server's log that this login may not set. */
export type Migrated = { applied: string[]; left: Leftovers; notLogged: string[] };

/**
 * Brings a database to the newest schema: pending migrations (tables), then the sources of `ledger/` (functions, types,
 * trigger bindings, rights). Safe to run from many processes at once (one advisory lock) and again and again. Throws a
 * sentence when a migration that was applied has been edited since, and when a source would break programs that still run.
 */
export async function migrate({
  url,
  password = null,
  contracting = false,
  tree = root,
}: MigrateOptions): Promise<Migrated> {
  const sources = readSources(tree);
  const migrationsFolder = join(tree, 'drizzle/migrations');
  const client = new pg.Client({ ...connectionOf({ url, password }), application_name: 'quittance-migrate' });
  await client.connect();
  try {
    await client.query(`set lock_timeout = ${lockTimeoutMs}`);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await refuseEdited(client, migrationsFolder);
    await applyPending(drizzle(client), { migrationsFolder });
    await setRoleSettings(client);
    if (password !== null) await openToTokens(client);
    const notLogged = await setLogSettings(client);
    // The catalog then names every object with its schema.
    await client.query('set search_path = pg_catalog');
    const applied = await applySources(client, sources, { contracting });
    return { applied, notLogged, left: await (contracting ? contract : leftovers)(client, sources) };
  } catch (error) {
    // Drizzle's error quotes the file and not what is wrong with it.
    throw error instanceof DrizzleQueryError ? (error.cause ?? error) : error;
  } finally {
    await client.end();
  }
}

async function refuseEdited(client: pg.Client, migrationsFolder: string): Promise<void> {
  const there = await client.query<{ yes: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as yes",
  );
  if (!there.rows[0]?.yes) return;
  const applied = await client.query<{ hash: string; created_at: string }>(
    'select hash, created_at from drizzle.__drizzle_migrations',
  );
  const hashes = new Map(applied.rows.map((row) => [Number(row.created_at), row.hash]));
  const files = readMigrationFiles({ migrationsFolder });
  const first = Math.min(...files.map(({ folderMillis }) => folderMillis));
  if ([...hashes.keys()].some((when) => when < first)) throw new Error(startedAfresh);
  for (const { folderMillis, hash } of files) {
    const before = hashes.get(folderMillis);
    if (before !== undefined && before !== hash) throw new Error(edited(folderMillis));
  }
}

const startedAfresh =
  'This database was made before 0.1.0, when the migrations were started again, and cannot be brought to this schema. Use an empty one; on this machine, `npm run reset`.';

const edited = (when: number): string =>
  `The migration of ${when} in drizzle/migrations/meta/_journal.json was changed after it was applied to this database. Restore its file and add a new migration.`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  explainStartErrors();
  const { values } = parseArgs({ options: { contract: { type: 'boolean', default: false } } });
  const { url, iamRegion } = readEnv().database;
  const login = createPasswords().ofDatabase(url, iamRegion);
  const { applied, left, notLogged } = await migrate({ ...login, contracting: values.contract });
  const lines = Object.entries(left).flatMap(([kind, names]) => names.map((name) => `  ${kind}: ${name}`));
  process.stdout.write(`The database has the newest schema; ${applied.length} sources were applied.\n`);
  if (notLogged.length > 0)
    process.stdout.write(
      `This login may not set what the server logs. Set it in the server's configuration, so that no secret stands in its log: ${notLogged.join(', ')}.\n`,
    );
  if (lines.length > 0) {
    const then = values.contract
      ? 'Dropped, because it is no longer in ledger/:'
      : 'No longer in ledger/; drop it with `npm run migrate -- --contract` once no program of an earlier release runs:';
    process.stdout.write(`${then}\n${lines.join('\n')}\n`);
  }
}
