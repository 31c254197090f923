import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { createPool, createReader, type Reader } from '../../drizzle/client.ts';
import { freePort } from '../../local/ports.ts';
import { withClient } from '../../local/servers/database.ts';
import { createAlarms } from '../../telemetry/alarms/alarms.ts';
import { type Api, aKey, callOf, freshApi } from '../../test/support/harness/api.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { startTestProgram } from '../../test/support/harness/program.ts';
import { startStandbyPair } from '../../test/support/harness/standby.ts';
import { createMetrics } from '../metrics.ts';
import { routes } from '../routes.ts';
import { openStandby, type Standby, type StandbyOptions } from './open.ts';

const servers = await startStandbyPair();
process.env['TEST_POSTGRES_URL'] = servers.primary;
const { accounts, another, database, pools: book } = freshApi();
const metrics = createMetrics();
const replay = new pg.Pool({ connectionString: servers.standby, max: 1 });
replay.on('error', () => {});
const pools: pg.Pool[] = [];
const watches: (() => void)[] = [];
let api: Api;
let standby: Standby;
let [ada, grace] = ['', ''];

/** The API's login on the standby. */
const standbyUrl = () => {
  const url = new URL(database.api);
  url.port = new URL(servers.standby).port;
  return url.href;
};

/** An API that reads from the standby, and what it knows of it. */
async function openApi(own: Partial<StandbyOptions> = {}): Promise<{ api: Api; standby: Standby }> {
  const kept = (made: pg.Pool) => {
    pools.push(made);
    return made;
  };
  const as = { role: 'quittance_api', pipeline: true } as const;
  const toStandby = { ...as, url: standbyUrl(), name: 'test-standby' };
  const opened = (primary: StandbyOptions['primary']) =>
    openStandby({
      checks: kept(createPool({ ...as, url: database.api, name: 'test-checks', max: 1 })),
      standby: createReader(kept(createPool({ ...toStandby, max: 4 }))),
      looks: kept(createPool({ ...toStandby, max: 1 })),
      ...{ primary, lagMaxMs: 3_000, metrics, alarms: createAlarms({ log: { error: () => {} } }), ...own },
    });
  let made: Standby | undefined;
  const one = await another({
    tamper: (deps) => {
      made = opened(deps.reader);
      return { ...deps, lagging: made.lagging, parts: { ...deps.parts, standby: made.state } };
    },
  });
  check(made, 'the API was made with a standby');
  const { state, end } = made;
  watches.push(end);
  await until(() => state() === 'ok');
  return { api: one, standby: made };
}

beforeAll(async () => {
  ({ api, standby } = await openApi());
  [ada, grace] = [toPublic('account', accounts.ada), toPublic('account', accounts.grace)];
}, inTime(120_000));

afterAll(async () => {
  for (const end of watches) end();
  await Promise.all([replay.end(), ...pools.map((pool) => pool.end())]);
});
// Its hook stands after the ledger's, which needs the servers: jest runs them in the order of the file.
afterAll(() => servers.stop());

const move = async () => {
  const legs = [{ debit_account_id: ada, credit_account_id: grace, amount: '1', currency: 'USD' }];
  const moved = await api.call('/v1/entries', { body: { legs }, key: aKey() });
  expect([moved.status, moved.text]).toEqual([201, moved.text]);
  const token = moved.headers['ledger-token'];
  check(token, 'an entry answers with a token');
  return { id: String(moved.body.id), token };
};

/** When the primary was started. Throws while it is away. */
const primaryStart = () =>
  withClient(servers.primary, async (client) => {
    const { rows } = await client.query<{ at: string }>('select pg_postmaster_start_time()::text as at');
    return rows[0]?.at;
  });

/** How many reads each place answered, by reason. */
async function reads(): Promise<Record<string, number>> {
  const { values } = await metrics.reads.get();
  return Object.fromEntries(values.map(({ labels, value }) => [`${labels.place} ${labels.reason}`, value]));
}

const sleeping = sql`select pg_sleep(3600)`;

/** Whether a read sleeps on the standby. */
const isAsleep = async () => {
  const text = "select 1 from pg_stat_activity where query like '%pg_sleep(3600)' and wait_event = 'PgSleep'";
  return (await replay.query(text)).rowCount === 1;
};

/** What leaves rows that a vacuum removes, which an older snapshot of the standby still sees. */
const churn = ['insert into public.churned values (1)', 'delete from public.churned', 'vacuum public.churned'];

/** How many reads of this database the standby ended for what a vacuum removed. */
const conflicts = async (): Promise<number> => {
  const text = 'select confl_snapshot::int as n from pg_stat_database_conflicts where datname = $1';
  const { rows } = await replay.query<{ n: number }>(text, [new URL(database.api).pathname.slice(1)]);
  return rows[0]?.n ?? 0;
};

const newest = async (token?: string, from = api) => {
  const answer = await from.call('/v1/entries', token === undefined ? {} : { headers: { 'ledger-token': token } });
  return [answer.status, answer.body.data?.[0]?.id];
};

test('what may lag is a list of reads, and none decides anything or takes a key', () => {
  const lagging = routes.filter(({ operation }) => operation.mayLag);
  expect(lagging.map(({ operation }) => operation.id).sort()).toEqual([
    'getBalance',
    'listAccounts',
    'listEntries',
    'listHolds',
    'listPostings',
    'listStatements',
    'listTransferAttempts',
    'listTransferEvents',
    'listTransfers',
  ]);
  for (const { method, operation } of lagging)
    expect([method, operation.permit, operation.needsKey, operation.body]).toEqual([
      'GET',
      undefined,
      undefined,
      undefined,
    ]);
});

test('a standby that keeps up answers lists, and what it lacks of a token comes from the primary', async () => {
  const { id, token } = await move();
  for (let n = 0; n < 5; n += 1) expect(await newest(token)).toEqual([200, id]);
  await until(async () => (await newest())[1] === id);
  expect((await reads())['standby recent']).toBeGreaterThan(0);
});

test(
  'with its replay paused, a token, a key and a new account are answered as by the primary',
  async () => {
    await replay.query('select pg_wal_replay_pause()');
    const before = await reads();
    const { id, token } = await move();
    expect(await newest(token)).toEqual([200, id]);
    const balance = await api.call(`/v1/accounts/${grace}/balance`, { headers: { 'ledger-token': token } });
    expect(balance.body.posted).toBe(String((await api.call(`/v1/accounts/${grace}`)).body.balance.posted));
    expect((await reads())['primary not_reached']).toBeGreaterThan(before['primary not_reached'] ?? 0);
    const key = aKey();
    const body = { name: 'New', currency: 'USD' };
    const opened = await api.call('/v1/accounts', { body, key });
    expect((await api.call(`/v1/accounts/${opened.body.id}/balance`)).status).toBe(200);
    const legs = [{ debit_account_id: ada, credit_account_id: grace, amount: '1', currency: 'USD' }];
    const keyed = await api.call('/v1/entries', { body: { legs }, key });
    expect(keyed.status).toBe(422);
    const own = aKey();
    const made = await api.call('/v1/entries', { body: { legs }, key: own });
    expect((await api.call(`/v1/entries?idempotency_key=${own}`)).body.data).toMatchObject([{ id: made.body.id }]);
    // Later than the bound it is not asked at all, and health says so.
    await until(() => standby.state() === 'behind');
    expect(await newest()).toEqual([200, made.body.id]);
    await until(async () => (await api.call('/health')).body.standby === 'behind');
    expect((await api.call('/health')).body).toMatchObject({ status: 'degraded', standby: 'behind' });
    await replay.query('select pg_wal_replay_resume()');
    await until(() => standby.state() === 'ok');
  },
  inTime(60_000),
);

test(
  'a standby that is frozen in mid-traffic fails nobody: the primary answers, and health and the gauge say so',
  async () => {
    const { id, token } = await move();
    const [before, at] = [await reads(), new Date().toISOString()];
    const posted = (await api.call(`/v1/accounts/${grace}`)).body.balance.posted;
    await until(() => standby.state() === 'ok');
    let isKnown = false;
    const traffic = Promise.all(
      Array.from({ length: 4 }, async () => {
        do expect(await newest(token)).toEqual([200, id]);
        while (!isKnown);
      }),
    );
    await servers.whileFrozen(async () => {
      await until(() => standby.state() === 'away');
      isKnown = true;
      await traffic;
      // Those that were under way had their bounded wait.
      expect((await reads())['primary slow']).toBeGreaterThan(before['primary slow'] ?? 0);
      const known = await reads();
      expect(await newest(token)).toEqual([200, id]);
      const past = await api.call(`/v1/accounts/${grace}/balance?at=${at}`);
      expect([past.status, past.body.posted]).toEqual([200, posted]);
      // The standby was asked for none of these.
      expect(await reads()).toEqual({ ...known, 'primary not_usable': expect.any(Number) });
      expect((await api.call('/health')).body).toMatchObject({ status: 'degraded', standby: 'away' });
      await until(async () => (await metrics.standbyUsable.get()).values[0]?.value === 0);
    });
    await until(() => standby.state() === 'ok');
    const thawed = await reads();
    await until(async () => {
      expect(await newest(token)).toEqual([200, id]);
      return (await reads())['standby recent'] !== thawed['standby recent'];
    });
  },
  inTime(90_000),
);

test(
  'a read that conflicts with the replay of a vacuum is answered by the primary, and later ones by the standby',
  async () => {
    const { id, token } = await move();
    // Without the bounds of our pools, which end a long read before the vacuum does.
    const unbounded = new pg.Pool({ connectionString: standbyUrl(), max: 1, ...({ pipeline: true } satisfies object) });
    unbounded.on('error', () => {});
    pools.push(unbounded);
    const reader = createReader(unbounded);
    let isLong = false;
    const long: Reader = {
      ...reader,
      read: (tenantId, query) =>
        reader.read(tenantId, async (db) => {
          if (isLong) {
            await db.execute(sql`set local statement_timeout = 0`);
            await db.execute(sleeping);
          }
          return query(db);
        }),
    };
    const one = await openApi({ standby: long, waitMs: inTime(60_000) });
    await replay.query('alter system set max_standby_streaming_delay = 0');
    await replay.query('select pg_reload_conf()');
    await book.root.query('create table public.churned (n integer)');
    const before = await reads();
    const conflictsBefore = await conflicts();
    isLong = true;
    await until(() => one.standby.state() === 'ok');
    const answer = newest(token, one.api);
    await until(isAsleep);
    await until(async () => {
      for (const statement of churn) await book.root.query(statement);
      return (await conflicts()) > conflictsBefore;
    });
    isLong = false;
    expect(await answer).toEqual([200, id]);
    expect((await reads())['primary failed']).toBeGreaterThan(before['primary failed'] ?? 0);
    await until(async () => {
      expect(await newest(token, one.api)).toEqual([200, id]);
      return (await reads())['standby recent'] !== before['standby recent'];
    });
    await book.root.query('drop table public.churned');
    await replay.query('alter system reset max_standby_streaming_delay');
    await replay.query('select pg_reload_conf()');
  },
  inTime(120_000),
);

test(
  'the program of the API reads from the standby of DATABASE_READER_URL',
  async () => {
    const { id } = await move();
    const folder = await mkdtemp(join(tmpdir(), 'quittance-standby-'));
    const ports = { api: await freePort(), metrics: await freePort() };
    const program = startTestProgram({
      name: 'api',
      env: {
        ...{ NODE_ENV: 'test', DATABASE_URL: database.api, DATABASE_READER_URL: standbyUrl() },
        // It starts without Temporal; then `/health` may take as long as it waits for that.
        ...{ TEMPORAL_ADDRESS: '127.0.0.1:1', API_PORT: String(ports.api), API_METRICS_PORT: String(ports.metrics) },
      },
      health: `http://127.0.0.1:${ports.api}/ping`,
      logFolder: folder,
    });
    try {
      await program.whenReady();
      const url = `http://127.0.0.1:${ports.api}`;
      const call = callOf(url, await api.keyWith({}));
      await until(async () => (await call('/health')).body.standby === 'ok');
      await until(async () => {
        expect(await newest(undefined, { ...api, call })).toEqual([200, expect.any(String)]);
        const page = await (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text();
        return /^quittance_reads_total\{place="standby",reason="recent"\} [1-9]/m.test(page);
      });
      await until(async () => (await newest(undefined, { ...api, call }))[1] === id);
      const { rows } = await replay.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where application_name = 'quittance-api-standby'",
      );
      expect(rows[0]?.n).toBeGreaterThan(0);
      expect((await call('/v1/accounts')).status).toBe(200);
    } finally {
      await program.stop();
      await rm(folder, { recursive: true });
    }
    // What it read on the standby is counted on the primary.
    const counted = await book.root.query(
      "select 1 from ledger.archive_access where subject_type = 'account' and subject_id is null",
    );
    expect(counted.rowCount).toBe(1);
  },
  inTime(120_000),
);

test(
  'a standby that is killed in mid-traffic fails nobody, and is used again when it is back',
  async () => {
    const { id } = await move();
    await until(async () => (await newest())[1] === id);
    let hasBeenAway = false;
    const traffic = Promise.all(
      Array.from({ length: 4 }, async () => {
        do expect(await newest()).toEqual([200, id]);
        while (!hasBeenAway);
      }),
    );
    servers.kill('standby');
    await until(() => standby.state() === 'away');
    hasBeenAway = true;
    await traffic;
    expect(await newest()).toEqual([200, id]);
    await servers.restart('standby');
    await until(() => standby.state() === 'ok', 60_000);
  },
  inTime(90_000),
);

test(
  'while the primary is away, reads are right or say that they may be repeated, and they go on afterwards',
  async () => {
    const { id } = await move();
    await until(async () => (await newest())[1] === id);
    const startedAt = await primaryStart();
    servers.kill('primary');
    const restarted = servers.restart('primary');
    await until(async () => {
      const [status, first] = await newest();
      expect([200, 503]).toContain(status);
      if (status === 200) expect(first).toBe(id);
      const now = await primaryStart().catch(() => startedAt);
      return status === 200 && now !== startedAt;
    }, 60_000);
    await restarted;
    const after = await move();
    expect(await newest(after.token)).toEqual([200, after.id]);
    await until(() => standby.state() === 'ok', 60_000);
  },
  inTime(90_000),
);
