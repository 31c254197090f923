import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createPasswords, NoToken } from '../config/iam-passwords.ts';
import type { TokenRequest } from '../config/iam-token.ts';
import { secret } from '../config/secret.ts';
import { databaseUrl, withClient } from '../local/servers/database.ts';
import { inTime, until } from '../test/support/harness/in-time.ts';
import { type OwnPostgres, ownPostgres } from '../test/support/harness/own-postgres.ts';
import { createPool, databaseState, type PoolOptions } from './client.ts';
import { migrate } from './migrate.ts';

/**
 * A Postgres of its own whose roles have the token as their password that is valid now, so that each older one is refused, as it is by Amazon's
 * after 15 minutes. The signer is a fake; what connects is what the programs connect with.
 */
const region = 'eu-central-1';
let server: OwnPostgres;
let url: string;
let valid = 0;
const requests: TokenRequest[] = [];
const tokenNow = () => `token-${valid}`;
const passwords = createPasswords({
  sign: (request) => {
    requests.push(request);
    return Promise.resolve(tokenNow());
  },
});
const loginOf = (role: string, address = url) => {
  const own = new URL(address);
  own.username = role;
  own.password = '';
  return passwords.ofDatabase(secret(own.href), region);
};
const roles = ['quittance_api', 'quittance_worker', 'quittance_reader', 'quittance_migrator'];
/** From now on only the next token is taken. */
async function passTime(): Promise<void> {
  valid += 1;
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ role: string }>(
      'select rolname as role from pg_roles where rolname = any($1)',
      [roles],
    );
    for (const { role } of rows) await client.query(`alter role ${role} password '${tokenNow()}'`);
  });
}

beforeAll(async () => {
  server = await ownPostgres();
  await server.start();
  await withClient(server.superuser, async (client) => {
    await client.query('create database tokens');
    // As docs/how-to/connect-on-aws.md says; the first is there on Amazon's servers.
    await client.query('create role rds_iam');
    await client.query('create role quittance_migrator login createrole');
    await client.query('grant rds_iam to quittance_migrator with admin option');
    await client.query('grant create on database tokens to quittance_migrator');
  });
  url = databaseUrl(server.superuser, 'tokens');
  await passTime();
  await migrate(loginOf('quittance_migrator'));
  await passTime();
}, inTime(120_000));
afterAll(() => server.stop(), inTime(60_000));

const pools: Record<string, Pick<PoolOptions, 'role' | 'pipeline' | 'connectMs'>> = {
  'the API writes': { role: 'quittance_api' },
  'the API reads': { role: 'quittance_api', pipeline: true },
  'the API reads a standby': { role: 'quittance_api', pipeline: true, connectMs: inTime(500) },
  'a worker': { role: 'quittance_worker' },
  'a worker makes statements': { role: 'quittance_worker', connectMs: inTime(30_000) },
};

test.each(Object.entries(pools))(
  'with the pool by which %s, open connections outlive their token, and a new one has a new token',
  async (_, options) => {
    const { role = '' } = options;
    const pool = createPool({ ...loginOf(role), ...options, max: 2, name: 'test-tokens' });
    requests.length = 0;
    const first = await pidIn(pool);
    await passTime();
    expect(await pidIn(pool)).toBe(first);
    expect(requests).toHaveLength(1);
    await cutOff('test-tokens');
    await until(() =>
      pidIn(pool).then(
        (pid) => pid !== first,
        () => false,
      ),
    );
    expect(await databaseState(pool)).toBe('ok');
    expect(requests.length).toBeGreaterThan(1);
    const { host } = new URL(url);
    for (const request of requests)
      expect(request).toEqual({ opens: 'rds-db', region, host, query: { Action: 'connect', DBUser: role } });
    await pool.end();
  },
);

test('the token of another time opens nothing: the one before is refused, and a pool that asks for each is not', async () => {
  const [old] = [tokenNow()];
  await passTime();
  const kept = createPool({
    url: loginOf('quittance_api').url,
    password: () => Promise.resolve(old),
    max: 1,
    name: 'test',
  });
  await expect(kept.query('select 1')).rejects.toMatchObject({ code: '28P01' });
  const fresh = createPool({ ...loginOf('quittance_api'), max: 1, name: 'test' });
  await fresh.query('select 1');
  await Promise.all([kept.end(), fresh.end()]);
});

test('twenty connections at once ask for twenty tokens', async () => {
  const pool = createPool({ ...loginOf('quittance_api'), role: 'quittance_api', max: 20, name: 'test' });
  requests.length = 0;
  const all = await Promise.all(Array.from({ length: 20 }, () => pool.connect()));
  expect(requests).toHaveLength(20);
  for (const client of all) client.release();
  await pool.end();
});

test('the first migration made roles that log in with tokens, without a superuser', async () => {
  const { rows } = await withClient(url, (client) =>
    client.query(
      `select rolname, rolcanlogin, pg_has_role(rolname, 'rds_iam', 'member') as opened, rolsuper from pg_roles
       where rolname = any($1) order by rolname`,
      [roles.slice(0, 3)],
    ),
  );
  const state = { rolcanlogin: true, opened: true, rolsuper: false };
  expect(rows).toEqual(
    roles
      .slice(0, 3)
      .toSorted()
      .map((rolname) => ({ rolname, ...state })),
  );
});

test('migrations log in with a token, and again with another', async () => {
  for (let i = 0; i < 2; i += 1) {
    requests.length = 0;
    expect(await migrate(loginOf('quittance_migrator'))).toMatchObject({ applied: [] });
    expect(requests).toHaveLength(1);
    await passTime();
  }
});

test('while no token can be made no connection stays with the server, and afterwards the pool returns by itself', async () => {
  const relay = await countingRelay(server.port);
  let isAway = true;
  const lines: object[] = [];
  const own = createPasswords({
    sign: () => (isAway ? Promise.reject(new Error('Could not load credentials')) : Promise.resolve(tokenNow())),
    log: { warn: (fact) => lines.push(fact) },
  });
  const through = new URL(url);
  through.username = 'quittance_api';
  through.password = '';
  through.port = String(relay.port);
  const pool = createPool({
    ...own.ofDatabase(secret(through.href), region),
    role: 'quittance_api',
    max: 4,
    name: 'test',
  });
  for (let i = 0; i < 12; i += 1) await expect(pool.query('select 1')).rejects.toThrow(NoToken);
  await expect(databaseState(pool)).rejects.toThrow(
    'No IAM token could be made for Postgres: Could not load credentials.',
  );
  expect(relay.seen()).toBeGreaterThan(0);
  await until(() => relay.open() === 0, 5_000);
  expect(lines).toEqual([{ of: 'Postgres', reason: 'Could not load credentials' }]);
  isAway = false;
  await pool.query('select 1');
  await pool.end();
  relay.close();
});

test('a signer that hangs is a fault within its time, and not a connection that never comes', async () => {
  const own = createPasswords({ sign: () => new Promise(() => {}), tokenMs: 50 });
  const { url: address } = loginOf('quittance_api');
  const pool = createPool({
    ...own.ofDatabase(secret(address), region),
    max: 1,
    name: 'test',
    connectMs: inTime(30_000),
  });
  await expect(pool.query('select 1')).rejects.toThrow('No IAM token could be made for Postgres: no answer in time.');
  await expect(migrate(own.ofDatabase(secret(address), region))).rejects.toThrow(NoToken);
  await pool.end();
});

async function pidIn(pool: pg.Pool): Promise<number | undefined> {
  const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

const cutOff = (name: string) =>
  withClient(url, (client) =>
    client.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [name]),
  );

/** Passes connections on, and knows how many there were and how many are open. */
async function countingRelay(to: number) {
  const open = new Set<Socket>();
  let seen = 0;
  const relay: Server = createServer((socket) => {
    const other = connect(to, '127.0.0.1');
    seen += 1;
    open.add(other);
    other.on('close', () => open.delete(other));
    for (const [one, next] of [
      [socket, other],
      [other, socket],
    ] as const) {
      one.on('error', () => next.destroy());
      one.on('close', () => next.destroy());
      one.pipe(next);
    }
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, open: () => open.size, seen: () => seen, close: () => relay.close() };
}
