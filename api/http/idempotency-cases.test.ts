import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { request as send } from 'undici';
import { z } from 'zod';
import { createAccounts, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { type Bank, type MoneyRequest, moneyRoutes, openBank } from '../../test/support/fixtures/money-requests.ts';
import { inThePast } from '../../test/support/fixtures/past.ts';
import { type Api, aKey, callOf, freshApi, type Reply, straightTo } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { countRows } from '../../test/support/harness/row-counts.ts';
import { routes } from '../routes.ts';

/**
 * One request has one effect, whatever happens to it: the cases K1 to K20 on every route that moves money. What they count is
 * rows. K5 has no case, because an installation is live or for tests; K18, an API that was replaced between, is
 * `request/fingerprint.test.ts`; K20 is about requests with many members and stands with them.
 */
const { pools, ledger, accounts, api, another } = freshApi();
let bank: Bank;
beforeAll(async () => {
  bank = await openBank(api.call);
});

const needsKey = routes.filter(({ operation }) => operation.needsKey);
const titles = needsKey.map(({ method, path }) => `${method} ${path}`);

test('every route that needs a key has its requests in test/support/fixtures/money-requests.ts', () => {
  expect(Object.keys(moneyRoutes).toSorted()).toEqual(titles.toSorted());
});

const post = ({ path, body }: MoneyRequest, key: string, by: Pick<Api, 'call'> = api): Promise<Reply> =>
  by.call(path, { body, key });

/** Sends it again while it is told that this is safe and needed: on a busy machine an outcome may not be known in time. */
async function answered(request: MoneyRequest, key: string): Promise<Reply> {
  for (;;) {
    const reply = await post(request, key);
    if (reply.status !== 503) return reply;
  }
}

/** How many rows a tenant has in each table of its own, except those of its keys. */
async function rowsOf(tenantId = accounts.tenantId): Promise<Record<string, number>> {
  const counts = await countRows(pools.root, tenantId);
  return Object.fromEntries(Object.entries(counts).filter(([table]) => !/^(api_key|audit)/.test(table)));
}

/** Sends it again and expects the first answer, byte for byte, and no new row. */
async function expectReplay(first: Reply, again: () => Promise<Reply>): Promise<void> {
  const before = await rowsOf();
  const { status, text, headers } = await again();
  expect([status, text]).toEqual([first.status, first.text]);
  expect(headers['idempotent-replayed']).toBe('true');
  expect(headers['location']).toBe(first.headers['location']);
  expect(await rowsOf()).toEqual(before);
}

const expectReused = ({ status, body }: Reply) =>
  expect([status, body.code, body.retryable]).toEqual([422, 'idempotency_key_reused', false]);

describe.each(titles)('%s', (title) => {
  const route = moneyRoutes[title];
  if (!route) return;
  const { scope, accepted, changes, declined } = route;
  const first = async (key = aKey()): Promise<{ request: MoneyRequest; key: string; made: Reply }> => {
    const request = await accepted(bank);
    const made = await post(request, key);
    expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
    return { request, key, made };
  };

  test('K1: fifty equal requests at once have one effect, and get the same bytes', async () => {
    const [request, more] = [await accepted(bank), await accepted(bank)];
    const before = await rowsOf();
    const [key, other] = [aKey(), aKey()];
    const answers = await Promise.all(Array.from({ length: 50 }, () => answered(request, key)));
    const after = await rowsOf();
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    // None, if the first to come was answered that its outcome is not known.
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length).toBeLessThan(2);
    // One request more writes as much again: fifty wrote what one does.
    await post(more, other);
    const last = await rowsOf();
    for (const [table, count] of Object.entries(after))
      expect([table, count - (before[table] ?? 0)]).toEqual([table, (last[table] ?? 0) - count]);
  });

  test('K2: other order of fields, white space, escapes and name of the charset are the same request', async () => {
    const { request, key, made } = await first();
    const { path, body } = request;
    const reversed = Object.fromEntries(Object.entries(body).toReversed());
    const escaped = JSON.stringify(body).replaceAll(
      /"([a-z])/g,
      (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`,
    );
    for (const spelled of [JSON.stringify(reversed, null, 3), `\n\t${JSON.stringify(body)} `, escaped])
      await expectReplay(made, () => api.call(path, { body: spelled, key }));
    const headers = { 'content-type': 'application/json; charset="UTF-8"' };
    await expectReplay(made, () => api.call(path, { body, key, headers }));
  });

  test('K3: with any field changed, added or left out it is another request: 422, and nothing happens', async () => {
    const { request, key } = await first();
    const others = changes(bank);
    expect(Object.keys(others).toSorted()).toEqual(fieldsOf(title).toSorted());
    const before = await rowsOf();
    for (const [name, value] of Object.entries(others)) {
      const body = { ...request.body, [name]: value };
      const other = await post({ ...request, body: name === 'rail' ? { ...body, ...toBank } : body }, key);
      expectReused(other);
    }
    expect(await rowsOf()).toEqual(before);
  });

  test('K4: the same key of two tenants is two keys', async () => {
    const stranger = await createAccounts(pools, ledger);
    const call = callOf(api.url, await api.keyWith({ tenantId: stranger.tenantId }));
    const theirs = await accepted(await openBank(call));
    const { key, made } = await first();
    const answer = await post(theirs, key, { call });
    expect([answer.status, answer.headers['idempotent-replayed']]).toEqual([201, undefined]);
    expect(answer.text).not.toBe(made.text);
  });

  test('K6: a key that was used here is refused at every other route, and one of another route here', async () => {
    const { key } = await first();
    for (const [other, { accepted: request }] of Object.entries(moneyRoutes)) {
      if (other === title) continue;
      expectReused(await post(await request(bank), key));
      const theirs = aKey();
      await post(await request(bank), theirs);
      expectReused(await post(await accepted(bank), theirs));
    }
    expectReused(await api.call('/account', { body: { name: 'Ada' }, key }));
  });

  test('K7: quoted and bare are one key, by which it is found as it was sent and bare', async () => {
    const bare = `a "b" \\ ${aKey()}`;
    const quoted = `"${bare.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    const { request, made } = await first(quoted);
    await expectReplay(made, () => post(request, bare));
    await expectReplay(made, () => post(request, quoted));
    for (const key of [bare, quoted]) {
      const { data } = (await api.call(`/v1/transfers?idempotency_key=${encodeURIComponent(key)}`)).body;
      const { rows } = await pools.root.query('select 1 from ledger.transfer where idempotency_key = $1', [bare]);
      expect(data).toHaveLength(rows.length);
    }
  });

  test('K8 and K9: two headers, an empty key and 256 characters are refused; 1 and 255 are taken', async () => {
    const request = await accepted(bank);
    const before = await rowsOf();
    const twice = await send(`${api.url}${request.path}`, {
      method: 'POST',
      headers: ['content-type', 'application/json', 'idempotency-key', 'k-1', 'idempotency-key', 'k-2'],
      body: JSON.stringify(request.body),
    });
    expect([twice.statusCode, await codeOf(twice.body)]).toEqual([400, 'header_repeated']);
    for (const [key, code] of [
      ['', 'idempotency_key_invalid'],
      ['""', 'idempotency_key_invalid'],
      ['x'.repeat(256), 'idempotency_key_invalid'],
      ['tab\there', 'idempotency_key_invalid'],
      [undefined, 'idempotency_key_missing'],
    ] as const) {
      const refused = await api.call(request.path, { body: request.body, ...(key !== undefined && { key }) });
      expect([key, refused.status, refused.body.code]).toEqual([key, 400, code]);
    }
    expect(await rowsOf()).toEqual(before);
    for (const key of [String.fromCodePoint(65 + titles.indexOf(title)), aKey().padEnd(255, '~')]) await first(key);
  });

  test('K10: an answer that is lost after the commit is outcome_unknown, and the same request finds what happened', async () => {
    const request = await accepted(bank);
    const key = aKey();
    const broken = await another(losing((call) => call()));
    const before = await rowsOf();
    const lost = await post(request, key, broken);
    expect([lost.status, lost.body.code, lost.body.retryable]).toEqual([503, 'outcome_unknown', true]);
    expect(await rowsOf()).not.toEqual(before);
    const found = await post(request, key);
    expect([found.status, found.headers['idempotent-replayed']]).toEqual([201, 'true']);
    await expectReplay(found, () => post(request, key));
  });

  test('K10: one that is lost before the commit did nothing, and the same request is accepted', async () => {
    const request = await accepted(bank);
    const key = aKey();
    // Before the count: it makes a key of its own, which is an event.
    const broken = await another(losing(async () => {}));
    const before = await rowsOf();
    expect((await post(request, key, broken)).body.code).toBe('outcome_unknown');
    expect(await rowsOf()).toEqual(before);
    const made = await post(request, key);
    expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
  });

  test('K11: after every connection to the database was cut, another process answers the same', async () => {
    const { request, key, made } = await first();
    await pools.root.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
    const fresh = await another();
    await until(async () => (await fresh.call('/v1/me')).status === 200);
    await until(async () => (await api.call('/v1/me')).status === 200);
    await expectReplay(made, () => post(request, key, fresh));
  });

  test('K12: what was answered with Redis is answered the same without it', async () => {
    const request = await accepted(bank);
    const key = aKey();
    const cached = await another({ redisUrl: process.env['TEST_REDIS_URL'] ?? null });
    const made = await post(request, key, cached);
    expect(made.status).toBe(201);
    await expectReplay(made, () => post(request, key));
  });

  test('K13: after 31 days, its rows in the partitions of another month, it is answered the same and refused to others', async () => {
    const { tenantId } = await createAccounts(pools, ledger);
    const call = callOf(api.url, await api.keyWith({ tenantId }));
    const theirs = await openBank(call);
    const sent = [await accepted(theirs), (await declined?.(theirs)) ?? []]
      .flat()
      .map((one) => ({ ...one, key: aKey() }));
    const replies = await inTurn(sent, (one) => post(one, one.key, { call }));
    await inThePast(pools, { tenantId, days: 31 }, async () => {
      const before = await rowsOf(tenantId);
      const again = await inTurn(sent, (one) => post(one, one.key, { call }));
      for (const [i, { status, text, headers }] of again.entries()) {
        expect([status, text]).toEqual([replies[i]?.status, earlier(replies[i]?.text ?? '', 31)]);
        expect(headers['idempotent-replayed']).toBe('true');
        expect(headers['location']).toBe(replies[i]?.headers['location']);
      }
      for (const { path, body, key } of sent)
        expectReused(await post({ path, body: { ...body, ...changed(title) } }, key, { call }));
      expect(await rowsOf(tenantId)).toEqual(before);
    });
  });

  test('K13: so is one whose key row is older than every partition', async () => {
    const { request, key, made } = await first();
    await withoutTriggers(pools.root, async (client) => {
      await client.query("update ledger.idempotency_key set created_at = '2001-01-01' where key = $1", [key]);
    });
    await expectReplay(made, () => post(request, key));
  });

  test('K14: after 400 the corrected body is accepted under the same key', async () => {
    const request = await accepted(bank);
    const key = aKey();
    const wrong = { ...request, body: { ...request.body, surplus: true } };
    expect((await post(wrong, key)).status).toBe(400);
    expect((await api.call(request.path, { body: '{"amount":', key })).status).toBe(400);
    expect((await post(request, key)).status).toBe(201);
  });

  test('K15: after 429 and after 401 the same key is accepted', async () => {
    const request = await accepted(bank);
    const key = aKey();
    const slow = await api.keyWith({ rateLimit: 1 });
    await until(async () => (await api.call('/v1/me', { secret: slow })).status === 429);
    expect((await api.call(request.path, { body: request.body, key, secret: slow })).status).toBe(429);
    expect((await api.call(request.path, { body: request.body, key, secret: null })).status).toBe(401);
    expect((await post(request, key)).status).toBe(201);
  });

  test('K16: what was declined stays declined under its key when the reason is gone, and a new key is accepted', async () => {
    const request = await declined?.(bank);
    if (!request) return;
    const key = aKey();
    const refused = await post(request, key);
    expect([refused.status, refused.body.code]).toEqual([422, request.code]);
    await request.remedy?.();
    await expectReplay(refused, () => post(request, key));
    expect((await post(request, aKey())).status).toBe(request.remedy ? 201 : 422);
  });

  test('K17: a replay by a key without the right is 403', async () => {
    const { request, key } = await first();
    const secret = await api.keyWith({ scopes: ['accounts:read'] });
    const refused = await api.call(request.path, { body: request.body, key, secret });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect(scope).not.toBe('accounts:read');
  });

  test('K19: a key on a GET means nothing', async () => {
    const { key, made } = await first();
    const address = made.headers['location'] ?? '';
    const before = await rowsOf();
    for (const one of [key, 'x'.repeat(300)]) expect((await api.call(address, { key: one })).status).toBe(200);
    expect(await rowsOf()).toEqual(before);
  });
});

/** The same text, with its instants so many days earlier. */
const earlier = (text: string, days: number): string =>
  text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) =>
    new Date(Date.parse(instant) - days * 86_400_000).toISOString(),
  );

/** A field of a route that makes its request another one. */
const changed = (title: string): object => {
  const fields = fieldsOf(title);
  return fields.includes('amount')
    ? { amount: '2' }
    : { [fields.includes('reason') ? 'reason' : 'description']: 'other' };
};

async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await work(one));
  return results;
}

/** What a request calls before it moves money. */
const preparing: readonly PropertyKey[] = ['authenticate', 'readSeal', 'openFundingAccount'];

/** An API that gets no answer of what moves money: of a group, or of a verb of the ledger. `made`: whether the call arrives. */
const losing = (made: (call: () => Promise<unknown>) => Promise<unknown>): Parameters<typeof another>[0] => {
  const lose = async (call: () => Promise<unknown>): Promise<never> => {
    await made(call);
    throw new Error('the answer is lost');
  };
  return {
    startGroup: (rail, members) => lose(() => straightTo(ledger)(rail, members)),
    tamper: (deps) => ({
      ...deps,
      ledger: new Proxy(deps.ledger, {
        get: (verbs, name, self) => {
          const verb = Reflect.get(verbs, name, self);
          return preparing.includes(name) ? verb : (command: never) => lose(() => verb(command));
        },
      }),
    }),
  };
};

/** A destination that the instant rail takes. */
const toBank = { destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Grace' } } };

/** The fields of the body of a route, of all kinds of it. */
function fieldsOf(title: string): string[] {
  const body = needsKey.find(({ method, path }) => `${method} ${path}` === title)?.operation.body;
  const kinds = body instanceof z.ZodDiscriminatedUnion ? body.options : [body];
  return [...new Set(kinds.flatMap((kind) => (kind instanceof z.ZodObject ? Object.keys(kind.shape) : [])))];
}

const codeOf = async (body: { json(): Promise<unknown> }): Promise<unknown> =>
  Reflect.get((await body.json()) as object, 'code');

afterAll(() => {
  process.stdout.write(`idempotency: ${titles.length} routes x 16 cases\n`);
});
