import { expect, test } from '@jest/globals';
import pino from 'pino';
import { fromPublic, toPublic } from '../../domain/ids.ts';
import { sent } from '../../test/support/fixtures/sends.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { aKey, freshApi, startApi, straightTo } from '../../test/support/harness/api.ts';

/** What a client is answered when the fault is the platform's. */
const { pools, ledger, accounts, api } = freshApi();
const source = () => ({ account_id: toPublic('account', accounts.ada) });
const money = { amount: '100', currency: 'USD' };
const toGrace = () => ({
  ...money,
  rail: 'book',
  source: source(),
  destination: { account_id: toPublic('account', accounts.grace) },
});
const toBank = () => ({
  ...money,
  rail: 'instant',
  source: source(),
  destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Ada Lovelace' } },
});

test('each send shows the code that its outcome was made from', async () => {
  const { transferId, sendN } = await sent(ledger, accounts);
  await ledger.conclude({ transferId, sendN, source: 'reply', outcome: 'unknown', code: 'connection_reset' });
  const { body } = await api.call(`/v1/transfers/${toPublic('transfer', transferId)}/attempts`);
  expect(body.data[0].sends).toMatchObject([{ n: 1, outcome: 'unknown', code: 'connection_reset' }]);
});

test('an id that is too old although it is fresh is answered as clocks that differ, with an alarm that has the difference', async () => {
  const { alarms, raised } = listenForAlarms();
  const other = await startApi({
    pools,
    tenantId: accounts.tenantId,
    startGroup: straightTo(ledger),
    tamper: (deps) => ({ ...deps, alarms, clockMs: () => -400_000 }),
  });
  const now = Date.now;
  // This process's clock is wrong for a moment, as a machine's whose time service stopped.
  Date.now = () => now() + 400_000;
  const refused = await other.call('/v1/transfers', { body: toGrace(), key: aKey() }).finally(() => {
    Date.now = now;
  });
  await other.end();
  expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([503, 'not_attempted', true]);
  expect(refused.body.detail).toContain('clocks');
  expect(raised).toMatchObject([{ alarm: 'clocks_differ', databaseIsAheadMs: -400_000 }]);
});

test('a transfer that no worker of its rail took waits for a worker, and says so', async () => {
  const made = await api.call('/v1/transfers', { body: toBank(), key: aKey() });
  const { rows } = await pools.root.query<{ id: string; carrier: string }>(
    'select id, carrier from ledger.transfer where id = $1',
    [fromPublic('transfer', made.body.id)],
  );
  const { id: transferId = '', carrier = '' } = rows[0] ?? {};
  await ledger.conclude({
    transferId,
    source: 'carrier',
    outcome: 'put_off',
    carrier,
    code: 'no_worker',
    retryAfterMs: 60_000,
  });
  const { body } = await api.call(`/v1/transfers/${made.body.id}`);
  expect([body.status, body.next.what, body.next.waiting_for]).toEqual([
    'scheduled',
    'send_when_worker_serves_rail',
    'worker',
  ]);
});

test('a good answer to a probe is no line of level info, and a database that does not answer is one line without a stack', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const broken = await startApi({
    ...{ pools, tenantId: accounts.tenantId, startGroup: straightTo(ledger) },
    tamper: (deps) => ({
      ...deps,
      log,
      reader: {
        ...deps.reader,
        read: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })),
      },
    }),
  });
  await broken.call('/health', { secret: null });
  await broken.call('/ping', { secret: null });
  expect(lines).toEqual([]);
  await broken.call('/v1/transfers');
  await broken.end();
  expect(lines).toMatchObject([
    { msg: 'request failed', code: 'unavailable', reason: 'ECONNREFUSED gone' },
    { msg: 'answered', status: 503 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('platform-faults');
});
