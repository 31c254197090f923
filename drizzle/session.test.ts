import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withClient } from '../local/servers/database.ts';
import { type FreshDatabase, freshDatabase, unmigratedDatabase } from '../test/support/fixtures/database.ts';
import { createPool, createReader, refuseWrongSettings } from './client.ts';
import { migrate } from './migrate.ts';
import { checkSettings, logSettings, roleSettings, setLogSettings } from './session.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

test.each(['api', 'worker', 'reader'] as const)(
  'a session of the role %s has our settings without asking for them',
  async (role) => {
    await withClient(database[role], (client) => checkSettings(client, roleSettings[`quittance_${role}`]));
  },
);

test('the log of the server names no value of a row that breaks a check, and no parameter', async () => {
  for (const role of ['api', 'worker', 'reader'] as const)
    await withClient(database[role], (client) => checkSettings(client, logSettings));
});

test('a login that may not set what the server logs is told which', async () => {
  const migrator = `migrator_${Date.now()}`;
  await withClient(database.url, async (client) => {
    await client.query(`create role ${migrator} createrole`);
    await client.query(`grant quittance_api, quittance_worker, quittance_reader to ${migrator} with admin option`);
    await client.query(`set role ${migrator}`);
    // The third is one that everybody may set.
    expect(await setLogSettings(client)).toEqual(['log_error_verbosity = terse', 'log_parameter_max_length = 0']);
    await client.query('reset role');
    await client.query(`drop owned by ${migrator}`);
    await client.query(`drop role ${migrator}`);
  });
});

test('migrate gives the roles their settings', async () => {
  const empty = await unmigratedDatabase();
  await migrate({ url: empty.url });
  await withClient(empty.worker, (client) => checkSettings(client, roleSettings.quittance_worker));
  await empty.drop();
});

test('a program whose sessions run with other settings does not start, and no query of it runs', async () => {
  await withClient(database.url, (client) =>
    client.query(
      `alter role quittance_worker in database ${new URL(database.url).pathname.slice(1)} set statement_timeout to 0`,
    ),
  );
  const pool = createPool({ url: database.worker, max: 1, name: 'test', role: 'quittance_worker' });
  await expect(refuseWrongSettings(pool)).rejects.toThrow(
    /^The database does not run the sessions of the login quittance_worker with statement_timeout = 3s\. Run `npm run migrate`/,
  );
  await expect(pool.query('select 1')).rejects.toMatchObject({ name: 'SettingsMissing' });
  await pool.end();
});

test('a database that cannot be reached does not keep a program from starting', async () => {
  const pool = createPool({
    url: 'postgres://nobody@127.0.0.1:1/nowhere',
    max: 1,
    name: 'test',
    role: 'quittance_api',
  });
  await refuseWrongSettings(pool);
  await pool.end();
});

test('the tenant of a read ends with it: the same connection then sees nothing', async () => {
  const pool = createPool({ url: database.api, max: 1, name: 'test', role: 'quittance_api', pipeline: true });
  const reader = createReader(pool);
  const tenant = '018f0000-0000-7000-8000-000000000001';
  const named = (db: Parameters<Parameters<typeof reader.readAll>[0]>[0]) =>
    db
      .execute<{ tenant: string }>("select current_setting('quittance.tenant', true) as tenant")
      .then(({ rows }) => rows[0]?.tenant);
  expect(await reader.read(tenant, named)).toBe(tenant);
  const { rows } = await pool.query<{ tenant: string }>("select current_setting('quittance.tenant', true) as tenant");
  expect(rows).toEqual([{ tenant: '' }]);
  await pool.end();
});

test('a read cannot write', async () => {
  const pool = createPool({ url: database.api, max: 1, name: 'test', role: 'quittance_api', pipeline: true });
  const writing = createReader(pool).readAll((db) => db.execute('select ledger.revoke_api_key(null, null, null)'));
  await expect(writing).rejects.toMatchObject({ cause: { code: '25006' } });
  await pool.end();
});
