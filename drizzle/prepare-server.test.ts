import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { BadSettings, readMasterUrl } from '../config/env.ts';
import { withClient } from '../local/servers/database.ts';
import { files } from '../test/support/tree.ts';
import { migrate } from './migrate.ts';
import { ledger, type Preparation, prepare, temporal } from './prepare-server.ts';

const superuser = process.env['TEST_POSTGRES_URL'] ?? '';
const roles = ['quittance_owner', 'quittance_api', 'quittance_worker', 'quittance_reader'];

/** Names of this test's own, and a master as a managed server has one: no superuser. */
let names: { master: string; migrator: string; tokens: string; database: string };
beforeEach(async () => {
  const end = randomBytes(4).toString('hex');
  names = {
    master: `master_${end}`,
    migrator: `migrator_${end}`,
    tokens: `tokens_${end}`,
    database: `t_prepare_${end}`,
  };
  await withClient(superuser, async (client) => {
    await client.query(`create role ${names.master} createrole createdb`);
    await client.query(`create role ${names.tokens}; grant ${names.tokens} to ${names.master} with admin option`);
  });
});
afterEach(() =>
  withClient(superuser, async (client) => {
    await client.query(`drop database if exists ${names.database} with (force)`);
    const made = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
      [names.migrator, names.tokens, names.master],
    ]);
    for (const { rolname } of made.rows) {
      await client.query(`drop owned by ${rolname} cascade`);
      await client.query(`drop role ${rolname}`);
    }
  }),
);

const preparation = (): Preparation => ({
  logins: [{ name: names.migrator, mayMakeRoles: true }],
  databases: { [names.database]: names.migrator },
});

const prepareAsMaster = () =>
  withClient(superuser, async (client) => {
    await client.query(`set role ${names.master}`);
    await prepare(client, preparation(), names.tokens);
  });

test('the master of a managed server makes logins and databases, and does it again without a change', async () => {
  await prepareAsMaster();
  await prepareAsMaster();
  const { rows } = await withClient(superuser, (client) =>
    client.query(
      `select pg_get_userbyid(datdba) as owner, pg_has_role($2, $3, 'member') as "byToken", rolcanlogin as "canLogIn",
         (select rolpassword is null from pg_authid where rolname = $2) as "hasNoPassword"
       from pg_database, pg_roles where datname = $1 and rolname = $2`,
      [names.database, names.migrator, names.tokens],
    ),
  );
  expect(rows).toEqual([{ owner: names.migrator, byToken: true, canLogIn: true, hasNoPassword: true }]);
});

test('the migrator that it makes brings an empty database to the schema, and is no superuser', async () => {
  await prepareAsMaster();
  await withClient(superuser, async (client) => {
    await client.query(`alter role ${names.migrator} password ${pg.escapeLiteral('of-this-test')}`);
    // On a new server the migrator makes these itself, and administers them by that.
    await client.query(`grant ${roles.join(', ')} to ${names.migrator} with admin option`);
  });
  const url = new URL(superuser);
  url.pathname = names.database;
  url.username = names.migrator;
  url.password = 'of-this-test';
  const { applied, left } = await migrate({ url: url.href });
  expect(applied.toSorted()).toEqual(files(/^ledger\/.*\.sql$/));
  expect(left).toEqual({ triggers: [], functions: [], types: [], rights: [] });
});

test('the ledger is the migrator’s, and Temporal’s databases are Temporal’s', () => {
  expect(ledger('quittance')).toEqual({
    logins: [{ name: 'quittance_migrator', mayMakeRoles: true }],
    databases: { quittance: 'quittance_migrator' },
  });
  expect(temporal.databases).toEqual({ temporal: 'temporal', temporal_visibility: 'temporal' });
});

test('the login of the master is put into the address, whatever letters are in it', () => {
  const SERVER_MASTER = JSON.stringify({ username: 'master', password: 'a/b:c@d?e#f' });
  const url = new URL(readMasterUrl({ SERVER_URL: 'postgres://host:5432/quittance', SERVER_MASTER }));
  expect([url.username, decodeURIComponent(url.password), url.host]).toEqual(['master', 'a/b:c@d?e#f', 'host:5432']);
});

test.each(['', 'no json', '{"username":"master"}'])('a master without a login is refused: %s', (SERVER_MASTER) => {
  expect(() => readMasterUrl({ SERVER_URL: 'postgres://host:5432/quittance', SERVER_MASTER })).toThrow(BadSettings);
});
