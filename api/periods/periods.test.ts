import { beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { closePeriod } from '../../ledger/periods/close.ts';
import { createAccounts } from '../../test/support/fixtures/accounts.ts';
import { aKey, freshApi, type Reply } from '../../test/support/harness/api.ts';
import { until } from '../../test/support/harness/in-time.ts';

const { pools, ledger, accounts, api } = freshApi();
let leg: object;
beforeAll(() => {
  leg = {
    debit_account_id: toPublic('account', accounts.ada),
    credit_account_id: toPublic('account', accounts.grace),
    ...{ amount: '1', currency: 'USD' },
  };
});

/** Closes a month. It waits for commits that began before, also those of other tests on this server. */
async function close(month: string, secret?: string): Promise<Reply> {
  let reply: Reply | undefined;
  await until(async () => {
    reply = await api.call(`/v1/periods/${month}/close`, { body: {}, ...(secret !== undefined && { secret }) });
    return reply.status !== 503;
  }, 30_000);
  if (reply === undefined) throw new Error('no answer');
  return reply;
}
const post = (effective_at: string | undefined, key = aKey()): Promise<Reply> =>
  api.call('/v1/entries', { body: { legs: [leg], effective_at }, key });
const outcome = ({ status, body }: Reply) => [status, body.code ?? null];
const monthOf = (shift: number): string => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + shift, 1)).toISOString().slice(0, 7);
};
const entriesBefore = async (instant: string) =>
  (
    await pools.root.query<{ id: string }>(
      'select id from ledger.entry where tenant_id = $1 and effective_at < $2 order by id',
      [accounts.tenantId, instant],
    )
  ).rows.map(({ id }) => id);

test('a month that is closed stays so, with all before it, and takes no entry', async () => {
  expect((await api.call('/v1/periods/2024-05')).body).toMatchObject({ status: 'open', closed_at: null });
  const dated = await post('2024-05-31T23:59:59.999Z');
  expect(dated.status).toBe(201);
  const closed = await close('2024-05');
  expect(closed.body).toEqual({
    ...{ object: 'period', month: '2024-05', status: 'closed' },
    ...{ starts_at: '2024-05-01T00:00:00.000Z', ends_at: '2024-06-01T00:00:00.000Z' },
    closed_at: expect.any(String),
    closed_by: (await api.call('/v1/me')).body.id,
  });
  expect((await close('2024-05')).text).toBe(closed.text);
  expect((await api.call('/v1/periods/2024-05')).text).toBe(closed.text);
  expect((await close('2023-01')).body).toMatchObject({ month: '2023-01', closed_at: closed.body.closed_at });

  const before = await entriesBefore('2024-06-01T00:00:00Z');
  const key = aKey();
  const refused = await post('2024-05-31T23:59:59.999Z', key);
  expect(outcome(refused)).toEqual([422, 'period_closed']);
  expect((await post('2024-05-31T23:59:59.999Z', key)).text).toBe(refused.text);
  expect(outcome(await post('2001-01-01T00:00:00Z'))).toEqual([422, 'period_closed']);
  const undo = (body: object) => api.call(`/v1/entries/${dated.body.id}/reversal`, { body, key: aKey() });
  expect(outcome(await undo({ effective_at: '2024-05-31T00:00:00Z' }))).toEqual([422, 'period_closed']);
  expect(await entriesBefore('2024-06-01T00:00:00Z')).toEqual(before);
  expect(outcome(await post('2024-06-01T00:00:00Z'))).toEqual([201, null]);
  expect(outcome(await undo({}))).toEqual([201, null]);
  expect(outcome(await post(undefined))).toEqual([201, null]);
});

test('closed months are listed, newest first, and those between two are closed with the later one', async () => {
  await close('2024-08');
  const first = (await api.call('/v1/periods?limit=2')).body;
  const months = (data: { month: string }[]) => data.map(({ month }) => month);
  expect(months(first.data)).toEqual(['2024-08', '2024-07']);
  const rest = (await api.call(`/v1/periods?limit=100&cursor=${first.next_cursor}`)).body;
  expect(months(rest.data)).toEqual(['2024-06', '2024-05']);
  const audit = (await api.call('/v1/audit?action=period.closed')).body.data;
  expect(audit[0]).toMatchObject({ subject: '2024-08', detail: { first: '2024-06' } });
  expect(audit).toHaveLength(2);
});

test('a month is closed only after its end, and only a month', async () => {
  for (const month of [monthOf(0), monthOf(1), '2999-12'])
    expect(outcome(await close(month))).toEqual([409, 'period_not_over']);
  for (const month of ['2024-13', '2024-00', '0000-01', '2024-1', '2024-01-01', 'last'])
    expect(outcome(await close(month))).toEqual([404, 'not_found']);
  expect((await api.call('/v1/periods?status=closed')).body.code).toBe('validation_failed');
});

test('of entries that race a close each is in the month before it, or refused', async () => {
  const month = monthOf(-1);
  const date = `${month}-15T00:00:00Z`;
  const racing = Array.from({ length: 100 }, () => post(date));
  const closed = await close(month);
  expect(closed.status).toBe(200);
  const after = await entriesBefore(closed.body.ends_at);
  const answers = await Promise.all(racing);
  const accepted = answers.filter(({ status }) => status === 201);
  expect(answers.filter((one) => one.status !== 201).every((one) => one.body.code === 'period_closed')).toBe(true);
  expect(await entriesBefore(closed.body.ends_at)).toEqual(after);
  expect((await entriesBefore(closed.body.ends_at)).length).toBeGreaterThanOrEqual(accepted.length);
  expect(outcome(await post(date))).toEqual([422, 'period_closed']);
});

test('an entry that is being written makes a close wait, and the database refuses what comes after', async () => {
  const other = await createAccounts(pools, ledger);
  const secret = await api.keyWith({ tenantId: other.tenantId, scopes: ['entries:admin'] });
  const entry = `insert into ledger.entry (id, tenant_id, effective_at, batch_id, created_at)
    select gen_random_uuid(), $1, '2024-03-15', max(id), date_trunc('milliseconds', now()) from ledger.batch`;
  const writer = await pools.root.connect();
  await writer.query('begin');
  await writer.query(entry, [other.tenantId]);
  const early = await api.call('/v1/periods/2024-03/close', { body: {}, secret });
  expect(outcome(early)).toEqual([503, 'not_attempted']);
  await writer.query('rollback');
  writer.release();
  expect((await close('2024-03', secret)).status).toBe(200);
  await expect(pools.root.query(entry, [other.tenantId])).rejects.toThrow(/closed period/);
});

test('an entry waits for a close that has not committed, and a close for an entry', async () => {
  const other = await createAccounts(pools, ledger);
  const secret = await api.keyWith({ tenantId: other.tenantId, scopes: ['entries:admin', 'entries:write'] });
  const session = await pools.root.connect();
  await session.query('begin');
  await session.query('select pg_advisory_xact_lock(ledger.period_lock($1))', [other.tenantId]);
  await session.query(
    `insert into ledger.period select $1, '2024-03-01', 'test', id, created_at from ledger.batch order by id desc limit 1`,
    [other.tenantId],
  );
  const [debit, credit] = [other.ada, other.grace].map((id) => toPublic('account', id));
  const legs = [{ ...leg, debit_account_id: debit, credit_account_id: credit }];
  const entry = { key: aKey(), secret, body: { legs, effective_at: '2024-03-15T00:00:00Z' } };
  // It gives up waiting after a while: then it was not attempted.
  const early = await api.call('/v1/entries', entry);
  expect(outcome(early)).toEqual([503, 'not_attempted']);
  await session.query('commit');
  expect(outcome(await api.call('/v1/entries', entry))).toEqual([422, 'period_closed']);

  await session.query('select pg_advisory_lock_shared(ledger.period_lock($1))', [other.tenantId]);
  const closing = { body: {}, secret };
  expect(outcome(await api.call('/v1/periods/2024-05/close', closing))).toEqual([503, 'not_attempted']);
  await session.query('select pg_advisory_unlock_shared(ledger.period_lock($1))', [other.tenantId]);
  session.release();
  expect((await close('2024-05', secret)).status).toBe(200);
});

test('a month is over only when the clock of the program says so too', async () => {
  const other = await createAccounts(pools, ledger);
  const ask = (askedAt: string) =>
    closePeriod(pools.api, {
      id: other.tenantId,
      tenantId: other.tenantId,
      month: '2025-01-01',
      askedAt,
      actor: 'test',
    });
  expect(await ask('2025-02-01T00:00:59.999Z')).toBe('not_over');
  await until(async () => (await ask('2025-02-01T00:01:00.000Z')) === 'ok', 30_000);
  expect(await ask('2999-01-01T00:00:00.000Z')).toBe('ok');
});
