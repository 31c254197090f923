import '../config/environment.ts';

import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { readMasterUrl } from '../config/env.ts';
import { explainStartErrors } from '../config/explain-error.ts';

/** What a server gets once, before anything of it is there. */
export type Preparation = {
  /** Who logs in, by IAM tokens alone. One that may make roles may let them log in so too: the migrator does it with those of programs. */
  logins: readonly { name: string; mayMakeRoles?: boolean }[];
  /** Databases that are made if they are not there, by their owners. */
  databases: Readonly<Record<string, string>>;
};

/** For the ledger: the migrator owns the database and makes what is in it, the roles of programs too. */
export const ledger = (database: string): Preparation => ({
  logins: [{ name: 'quittance_migrator', mayMakeRoles: true }],
  databases: { [database]: 'quittance_migrator' },
});

/** For Temporal: its two databases and their owner. */
export const temporal: Preparation = {
  logins: [{ name: 'temporal' }],
  databases: { temporal: 'temporal', temporal_visibility: 'temporal' },
};

/**
 * Makes roles and databases that are missing, as the master of a managed server, and gives them what they lack: run again it changes
 * nothing. No password is set, so until a role is a member of `tokenRole`, which RDS has, nobody can log in as it.
 */
export async function prepare(
  client: pg.ClientBase,
  { logins, databases }: Preparation,
  tokenRole = 'rds_iam',
): Promise<void> {
  for (const { name, mayMakeRoles = false } of logins) {
    await makeRole(client, name, mayMakeRoles ? 'login createrole' : 'login');
    const admin = mayMakeRoles ? ' with admin option' : '';
    await client.query(`grant ${pg.escapeIdentifier(tokenRole)} to ${pg.escapeIdentifier(name)}${admin}`);
  }
  for (const [database, owner] of Object.entries(databases)) await makeDatabase(client, database, owner);
}

async function makeRole(client: pg.ClientBase, name: string, options: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${pg.escapeIdentifier(name)} ${options}`);
}

/** Who gives a database away must be able to become its owner. */
async function makeDatabase(client: pg.ClientBase, database: string, owner: string): Promise<void> {
  await client.query(`grant ${pg.escapeIdentifier(owner)} to current_user with set true`);
  const { rows } = await client.query<{ owner: string }>(
    'select pg_get_userbyid(datdba) as owner from pg_database where datname = $1',
    [database],
  );
  const [name, to] = [pg.escapeIdentifier(database), pg.escapeIdentifier(owner)];
  if (rows[0] === undefined) await client.query(`create database ${name} owner ${to}`);
  else if (rows[0].owner !== owner) await client.query(`alter database ${name} owner to ${to}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  explainStartErrors();
  const url = readMasterUrl();
  const client = new pg.Client({ connectionString: url, application_name: 'quittance-prepare' });
  await client.connect();
  try {
    await prepare(client, process.argv[2] === 'temporal' ? temporal : ledger(new URL(url).pathname.slice(1)));
  } finally {
    await client.end();
  }
  process.stdout.write('The server has the roles and databases.\n');
}
