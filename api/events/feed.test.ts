import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { toPublic } from '../../domain/ids.ts';
import { readLiveness } from '../../ledger/upkeep/liveness.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { freshApi } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { toFeedCursor } from './cursor.ts';

// The events that are planted here have no account.
const { pools, ledger, accounts, api, another } = freshApi({
  mayViolate: ['states', 'tenants', 'evidence', 'batches'],
});

const feed = async (query: Record<string, string> = {}) => {
  const { status, body } = await api.call(`/v1/events?${new URLSearchParams(query)}`);
  expect([status, body.code]).toEqual([200, undefined]);
  return body;
};
/** A place behind everything that is committed, so also behind what another test of this file left withheld. */
async function latest(): Promise<string> {
  let place = '';
  await until(async () => {
    const page = await feed({ after: 'latest' });
    place = page.next_cursor;
    return page.withheld_since === null;
  }, 60_000);
  return place;
}
type Shown = { id: string; type: string; version: number; subject: { type: string; id: string } };

/**
 * Reads on until there are so many events: other tests of this machine have transactions on the same server, which may withhold
 * them for a moment. Returns them and where to read on.
 */
async function collect(query: Record<string, string>, count: number): Promise<{ events: Shown[]; next: string }> {
  const events: Shown[] = [];
  let next = query['after'] ?? '';
  await until(async () => {
    const page = await feed({ ...query, after: next });
    next = page.next_cursor;
    events.push(...page.data);
    return events.length >= count && !page.has_more;
  }, 20_000);
  return { events, next };
}
const typesIn = async (query: Record<string, string>, count: number): Promise<string[]> =>
  (await collect(query, count)).events.map(({ type }) => type);

/** A session of its own, which may hold a commit open. */
async function session() {
  const client = new pg.Client({ connectionString: String(pools.root.options.connectionString) });
  client.on('error', () => {});
  await client.connect();
  await client.query('set search_path = ledger, pg_temp');
  return {
    begin: () => client.query('begin; select pg_current_xact_id()'),
    /** Writes an event of some account. Returns the account's public id. */
    write: async (): Promise<string> => {
      const id = randomUUID();
      await client.query(
        "select write_one_event(row($1, 'account', $2, 1, null, 'opened', 'open', '{}')::new_event, date_trunc('milliseconds', clock_timestamp()))",
        [accounts.tenantId, id],
      );
      return toPublic('account', id);
    },
    writeMany: (count: number) =>
      client.query(
        "select write_one_event(row($1, 'account', gen_random_uuid(), 1, null, 'opened', 'open', '{}')::new_event, date_trunc('milliseconds', clock_timestamp())) from generate_series(1, $2)",
        [accounts.tenantId, count],
      ),
    commit: () => client.query('commit'),
    kill: async () => {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      await pools.root.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    },
    end: () => client.end().catch(() => {}),
  };
}

test('a transfer is an event of the feed, with its subject, and the next page goes on behind it', async () => {
  const after = await latest();
  const request = aTransfer(accounts);
  await ledger.reserve(randomUUID(), request);
  const { events, next } = await collect({ after }, 1);
  expect(events).toMatchObject([
    { type: 'transfer.completed', subject: { type: 'transfer', id: toPublic('transfer', request.id) }, version: 1 },
  ]);
  expect((await feed({ after: next })).data).toEqual([]);
});

test('pages of one event each show every event once, in their order', async () => {
  const after = await latest();
  for (let n = 0; n < 3; n += 1) await ledger.reserve(randomUUID(), aTransfer(accounts));
  const { events } = await collect({ after }, 3);
  expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  expect((await collect({ after, limit: '1' }, 3)).events).toEqual(events);
});

test('a filter takes types and all of a subject, and refuses what is no type', async () => {
  const after = await latest();
  const client = await session();
  await client.write();
  await client.end();
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '999999999' }));
  expect(await typesIn({ after, type: 'transfer.declined,account.opened' }, 2)).toEqual([
    'account.opened',
    'transfer.declined',
  ]);
  expect(await typesIn({ after, type: 'account.*' }, 1)).toEqual(['account.opened']);
  expect(await typesIn({ after, type: 'hold.captured' }, 0)).toEqual([]);
  for (const type of ['transfer.paid', 'transfer', '*', '']) {
    const refused = await api.call(`/v1/events?type=${type}`);
    expect([type, refused.status, refused.body.errors?.[0]?.pointer]).toEqual([type, 400, 'query/type/0']);
  }
});

test('a cursor of something else is refused, and one ahead of the database is 409', async () => {
  const since = new Date().toISOString();
  const place = { xid: '1', version: 1, id: randomUUID(), since };
  for (const after of ['x', 'W10', toFeedCursor({ ...place, xid: '99999999999999999999' })]) {
    expect((await api.call(`/v1/events?after=${after}`)).body.errors?.[0]?.pointer).toBe('query/after');
  }
  const ahead = await api.call(`/v1/events?after=${toFeedCursor({ ...place, xid: '9000000000000000000' })}`);
  expect([ahead.status, ahead.body.code]).toEqual([409, 'state_conflict']);
});

test.each(['first', 'second'] as const)(
  'of two open transactions, the %s commits first, and no event is passed over',
  async (which) => {
    const [first, second] = [await session(), await session()];
    let after = await latest();
    await first.begin();
    await second.begin();
    // The later transaction takes the earlier batch.
    const [b, a] = [await second.write(), await first.write()];
    await (which === 'first' ? first : second).commit();
    const seen: string[] = [];
    const look = async () => {
      const page = await feed({ after });
      after = page.next_cursor;
      seen.push(...page.data.map(({ subject }: { subject: { id: string } }) => subject.id));
      return page;
    };
    await look();
    await (which === 'first' ? second : first).commit();
    await until(async () => {
      await look();
      return seen.length >= 2;
    }, 20_000);
    expect(seen).toEqual([a, b]);
    await Promise.all([first.end(), second.end()]);
  },
);

test('while a transaction is open, what is committed behind it is withheld, and everybody can see that', async () => {
  const [open, quick] = [await session(), await session()];
  const after = await latest();
  await open.begin();
  await quick.write();
  const page = await feed({ after });
  expect(page.data).toEqual([]);
  expect(Date.parse(page.withheld_since)).toBeLessThanOrEqual(Date.parse(page.as_of));
  await until(async () => (await readLiveness(pools.api)).feedBehindMs > 0, 5_000);
  await open.kill();
  expect(await typesIn({ after }, 1)).toEqual(['account.opened']);
  await until(async () => (await readLiveness(pools.api)).feedBehindMs === 0, 20_000);
  await Promise.all([open.end(), quick.end()]);
});

test('a reader that keeps its cursor misses nothing and sees nothing twice, beside slow and killed commits', async () => {
  let after = await latest();
  const written: string[] = [];
  const seen: string[] = [];
  let isOver = false;
  const read = async () => {
    for (;;) {
      const wasOver = isOver && seen.length >= written.length;
      const page = await feed({ after, limit: '3' });
      after = page.next_cursor;
      seen.push(...page.data.map(({ subject }: { subject: { id: string } }) => subject.id));
      if (wasOver && !page.has_more) return;
    }
  };
  const pause = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
  const writer = async (n: number) => {
    for (let round = 0; round < 12; round += 1) {
      const client = await session();
      await client.begin();
      await pause();
      const ids = [await client.write(), await client.write()];
      await pause();
      if ((n + round) % 3 === 0) await client.kill();
      else {
        await client.commit();
        written.push(...ids);
      }
      await client.end();
    }
  };
  const reading = read();
  await Promise.all([0, 1, 2, 3, 4, 5].map(writer));
  isOver = true;
  await reading;
  expect(written).toHaveLength(6 * 8 * 2);
  expect(seen.toSorted()).toEqual(written.toSorted());
});

test('a request that waits is answered with the event, or empty when its time is over', async () => {
  const after = await latest();
  expect((await feed({ after, wait_ms: '50' })).data).toEqual([]);
  const waiting = feed({ after, wait_ms: '20000', type: 'account.*' });
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  const client = await session();
  await client.write();
  await client.end();
  expect((await waiting).data.map(({ type }: Shown) => type)).toEqual(['account.opened']);
  expect((await api.call('/v1/events?wait_ms=20001')).status).toBe(400);
});

test('a request that waits is answered when its filter has passed over as many events as a page looks at', async () => {
  const after = await latest();
  const client = await session();
  await client.writeMany(2_001);
  await client.end();
  await until(async () => {
    const page = await feed({ after, type: 'hold.captured', wait_ms: '1000' });
    expect(page.data).toEqual([]);
    return page.has_more;
  }, 20_000);
});

test('requests that wait hold no connection of the database, and a server that stops answers them', async () => {
  const other = await another({});
  const after = await latest();
  const statuses: number[] = [];
  const wait = async () => {
    const answer = await other.call(`/v1/events?after=${after}&wait_ms=20000`);
    statuses.push(answer.status);
    return answer;
  };
  // Twenty may wait, which is more than the pool has connections.
  const waiting = Array.from({ length: 25 }, wait);
  await until(async () => statuses.length === 5, 10_000);
  expect(statuses).toEqual([429, 429, 429, 429, 429]);
  expect((await other.call('/v1/accounts')).status).toBe(200);
  await ledger.reserve(randomUUID(), aTransfer(accounts));
  const answered = (await Promise.all(waiting)).filter(({ status }) => status !== 429);
  expect(answered.map(({ status, body }) => [status, body.data.length])).toEqual(Array(20).fill([200, 1]));
});

test('what happens to accounts and endpoints is in the feed, without a secret', async () => {
  const after = await latest();
  const account = (await api.call('/v1/accounts', { body: { name: 'Fay', currency: 'USD' } })).body.id;
  for (const body of [{ name: 'Fae' }, { status: 'frozen' }, { status: 'open' }, { status: 'closed' }])
    await api.call(`/v1/accounts/${account}`, { method: 'PATCH', body });
  const made = await api.call('/v1/webhook-endpoints', { body: { url: 'http://127.0.0.1:9/?token=hidden' } });
  const path = `/v1/webhook-endpoints/${made.body.id}`;
  await api.call(path, { method: 'PATCH', body: { description: 'x' } });
  await api.call(path, { method: 'PATCH', body: { status: 'disabled' } });
  await api.call(path, { method: 'PATCH', body: { status: 'enabled' } });
  await api.call(`${path}/secret/rotate`, { body: {} });
  await api.call(path, { method: 'DELETE' });
  const { events } = await collect({ after }, 11);
  expect(events.map(({ type, version }) => [version, type])).toEqual([
    ...[
      [1, 'account.opened'],
      [2, 'account.changed'],
      [3, 'account.frozen'],
      [4, 'account.unfrozen'],
      [5, 'account.closed'],
    ],
    ...[
      [1, 'webhook_endpoint.created'],
      [2, 'webhook_endpoint.changed'],
      [3, 'webhook_endpoint.disabled'],
    ],
    ...[
      [4, 'webhook_endpoint.enabled'],
      [5, 'webhook_endpoint.secret_rotated'],
      [6, 'webhook_endpoint.deleted'],
    ],
  ]);
  expect(JSON.stringify(events)).not.toMatch(/whsec_|hidden/);
});

test("another tenant's events are not in the feed", async () => {
  const tenantId = (await pools.root.query<{ id: string }>('select gen_random_uuid() as id')).rows[0]?.id ?? '';
  await pools.root.query("insert into ledger.tenant (id, name) values ($1, 'Other')", [tenantId]);
  const secret = await api.keyWith({ tenantId });
  const { body } = await api.call('/v1/events', { secret });
  // The one that is there is its own.
  expect(body.data.map(({ type }: { type: string }) => type)).toEqual(['api_key.created']);
});
