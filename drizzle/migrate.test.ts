import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { catalogOf } from '../test/support/catalog.ts';
import { type FreshDatabase, freshDatabase, unmigratedDatabase } from '../test/support/fixtures/database.ts';
import { files, read, root } from '../test/support/tree.ts';
import { migrate } from './migrate.ts';

let database: FreshDatabase;
let client: pg.Client;
const open = async (made: Promise<FreshDatabase>) => {
  database = await made;
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
};
afterEach(async () => {
  await client?.end();
  await database?.drop();
});

const names = async (sql: string): Promise<string[]> =>
  (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name).toSorted();
const functions = () => names("select proname as name from pg_proc where pronamespace = 'ledger'::regnamespace");
const types = () =>
  names("select relname as name from pg_class where relnamespace = 'ledger'::regnamespace and relkind = 'c'");
/** The names that the tree's files declare, read with nothing of the code under test. */
const declared = (kind: string): string[] =>
  files(/^ledger\/.*\.sql$/)
    .flatMap((file) => [...read(file).matchAll(new RegExp(`^create (?:or replace )?${kind} ledger\\.(\\w+)`, 'gm'))])
    .map(([, name = '']) => name)
    .toSorted();
/** Everything there is, with the transaction that last wrote each function, type and source. */
const state = async () => ({
  ...(await catalogOf(client)),
  written: await names(
    `select format('%s %s', oid::regprocedure, xmin) as name from pg_proc where pronamespace = 'ledger'::regnamespace
     union all select format('%s %s', oid::regtype, xmin) from pg_type where typnamespace = 'ledger'::regnamespace
     union all select format('%s %s', tgname, t.xmin) from pg_trigger t join pg_class c on c.oid = tgrelid where relnamespace = 'ledger'::regnamespace
     union all select format('%s %s', path, xmin) from ledger.source`,
  ),
});

describe('an empty database', () => {
  beforeEach(() => open(unmigratedDatabase()));

  test('gets the functions and types of the tree, and no others', async () => {
    const { applied, left } = await migrate({ url: database.url });
    expect(applied.toSorted()).toEqual(files(/^ledger\/.*\.sql$/));
    expect(left).toEqual({ triggers: [], functions: [], types: [], rights: [] });
    expect(await functions()).toEqual(declared('function'));
    expect(await types()).toEqual(declared('type'));
  });

  test('gives every function, type and table to quittance_owner, who cannot log in and is no superuser', async () => {
    await migrate({ url: database.url });
    const owners = await names(
      `select distinct pg_get_userbyid(x.owner)::text as name from (
         select proowner as owner from pg_proc where pronamespace = 'ledger'::regnamespace
         union all select typowner from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' where c.relnamespace = 'ledger'::regnamespace
         union all select relowner from pg_class where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p')) x`,
    );
    expect(owners).toEqual(['quittance_owner']);
    expect(
      await names(
        "select rolname as name from pg_roles where rolname = 'quittance_owner' and not rolsuper and not rolcanlogin",
      ),
    ).toEqual(owners);
  });

  test('is migrated once by three migrators at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => migrate({ url: database.url })));
    expect(all.map(({ applied }) => applied.length).toSorted((a, b) => a - b)).toEqual([
      0,
      0,
      files(/^ledger\/.*\.sql$/).length,
    ]);
    expect(await functions()).toEqual(declared('function'));
  });
});

describe('a migrated database', () => {
  beforeEach(() => open(freshDatabase()));

  test('is not changed by a second migration, contracting or not', async () => {
    const before = await state();
    await migrate({ url: database.url });
    await migrate({ url: database.url, contracting: true });
    expect(await state()).toEqual(before);
  });

  test('is as it was after a migration that was killed in the middle, and the next one completes', async () => {
    const whole = await catalogOf(client);
    await client.query("update ledger.source set hash = 'of another release'");
    await client.query(
      "create or replace function ledger.rfc3339(p_at timestamptz) returns text language sql immutable as 'select null'",
    );
    const before = await state();
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    // Trigger bindings come after all functions, and wait here.
    await other.query('begin');
    await other.query('lock table ledger.transfer in access exclusive mode');
    const migrator = spawn(process.execPath, ['drizzle/migrate.ts'], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: database.url },
    });
    const sessions = (which: string) =>
      names(
        `select pid::text as name from pg_stat_activity where application_name = 'quittance-migrate' and datname = current_database() and ${which}`,
      );
    while ((await sessions("wait_event_type = 'Lock'")).length === 0) {
      expect(migrator.exitCode).toBeNull();
    }
    migrator.kill('SIGKILL');
    await once(migrator, 'exit');
    await other.query('rollback');
    await other.end();
    while ((await sessions('true')).length > 0);
    expect(await state()).toEqual(before);
    await migrate({ url: database.url });
    expect(await catalogOf(client)).toEqual(whole);
  });

  test('of before the migrations were started again is refused, with what to do', async () => {
    await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
      'x',
      1795219200000,
    ]);
    await expect(migrate({ url: database.url })).rejects.toThrow('npm run reset');
  });

  test('with a migration that was edited since is refused, with what to do', async () => {
    await client.query("update drizzle.__drizzle_migrations set hash = 'x' where id = 1");
    await expect(migrate({ url: database.url })).rejects.toThrow('Restore its file');
  });
});
