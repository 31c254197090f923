import { beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { toPublic } from '../../../domain/ids.ts';
import { createAlarms } from '../../../telemetry/alarms/alarms.ts';
import { aKey, freshApi, straightTo } from '../../../test/support/harness/api.ts';
import type { ReserveAnswer } from '../../../workflows/contract/messages.ts';
import type { Deps } from '../../deps.ts';

/** The answer when something is thrown: never that nothing was moved, unless that is proven. */
const { ledger, accounts, api: honest, another } = freshApi();
let lines: { level: string; msg: string; code?: string }[] = [];
beforeEach(() => {
  lines = [];
});

const log = pino(
  { formatters: { level: (level) => ({ level }) }, base: null },
  { write: (line: string) => void lines.push(JSON.parse(line)) },
);
const raised = () => lines.filter(({ level, msg }) => level === 'error' && msg.startsWith('ALARM'));

/** The API with some parts replaced by broken ones. */
const start = ({
  answered = (answer) => answer,
  tamper = (deps) => deps,
}: {
  answered?: (answer: ReserveAnswer) => ReserveAnswer;
  tamper?: (deps: Deps) => Deps;
}) =>
  another({
    startGroup: async (rail, members) => (await straightTo(ledger)(rail, members)).map(answered),
    tamper: (deps) => tamper({ ...deps, log, alarms: createAlarms({ log }) }),
  });

const toGrace = () => ({
  rail: 'instant',
  amount: '100',
  currency: 'USD',
  source: { account_id: toPublic('account', accounts.ada) },
  destination: { bank: { routing_number: '021000021', account_number: '1234567890', name: 'Grace Hopper' } },
});

/** An answer of the ledger that this version does not know. */
const withEvent =
  (change: object) =>
  (answer: ReserveAnswer): ReserveAnswer =>
    'event' in answer ? { ...answer, event: { ...answer.event, ...change } } : answer;
const evidence = { source: 'request', cause: 'reserved' };

test.each([
  [
    'waits for something unknown',
    withEvent({ evidence: { ...evidence, next: { what: 'x', at: 'x', waiting_for: 'rain' } } }),
  ],
  ['has an unknown refusal code', withEvent({ to: 'declined', evidence: { ...evidence, refusal: { code: 'rain' } } })],
  ['has no evidence', withEvent({ evidence: undefined })],
  ['has an unknown result', (answer: ReserveAnswer) => ({ ...answer, result: 'rained' }) as unknown as ReserveAnswer],
])('a decided transfer that %s is not answered as not attempted', async (_, answered) => {
  const broken = await start({ answered });
  const key = aKey();
  const reply = await broken.call('/v1/transfers', { body: toGrace(), key });
  await broken.end();
  expect([reply.status, reply.body.code, reply.body.retryable]).toEqual([503, 'outcome_unknown', true]);
  expect(reply.headers['retry-after']).toMatch(/^([1-9]|[1-5]\d|60)$/);
  expect(raised()).toHaveLength(1);
  const again = await honest.call('/v1/transfers', { body: toGrace(), key });
  expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
});

const anAccount = { name: 'Mary', currency: 'USD' };

test.each([
  ['a bug', () => new TypeError('x is undefined')],
  ['a refusal of the database', () => Object.assign(new Error('no such table'), { code: '42P01' })],
])('%s after the commit is outcome_unknown, and the key finds the outcome', async (_, fault) => {
  const broken = await start({
    tamper: (deps) => ({
      ...deps,
      ledger: {
        ...deps.ledger,
        openAccount: async (account) => {
          await deps.ledger.openAccount(account);
          throw fault();
        },
      },
      reader: { read: () => Promise.reject(fault()), readAll: () => Promise.reject(fault()) },
    }),
  });
  const key = aKey();
  const opened = await broken.call('/v1/accounts', { body: anAccount, key });
  const made = await broken.call('/v1/api-keys', { body: { name: 'Till', scopes: ['accounts:read'] }, key: aKey() });
  await broken.end();
  for (const reply of [opened, made]) expect([reply.status, reply.body.code]).toEqual([503, 'outcome_unknown']);
  expect(raised().map(({ code }) => code)).toEqual(['outcome_unknown', 'outcome_unknown']);
  const again = await honest.call('/v1/accounts', { body: anAccount, key });
  expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, 'true']);
});

test('what the database refused to write is an internal error', async () => {
  const broken = await start({
    tamper: (deps) => ({
      ...deps,
      ledger: {
        ...deps.ledger,
        openAccount: (account) => deps.ledger.openAccount({ ...account, currency: 'no currency' }),
      },
    }),
  });
  const key = aKey();
  const reply = await broken.call('/v1/accounts', { body: anAccount, key });
  await broken.end();
  expect([reply.status, reply.body.code, reply.body.retryable]).toEqual([500, 'internal_error', false]);
  expect(raised()).toHaveLength(1);
  const again = await honest.call('/v1/accounts', { body: anAccount, key });
  expect([again.status, again.headers['idempotent-replayed']]).toEqual([201, undefined]);
});

test.each([
  ['a database that does not answer', () => new Error('connect ECONNREFUSED'), 'unavailable', 'not_attempted'],
  ['a bug', () => new TypeError('x is undefined'), 'internal_error', 'internal_error'],
] as const)('%s before the operation is not_attempted', async (_, fault, ofReads, ofWrites) => {
  const broken = await start({
    tamper: (deps) => ({ ...deps, limiter: { ...deps.limiter, take: () => Promise.reject(fault()) } }),
  });
  const read = await broken.call('/v1/accounts');
  const write = await broken.call('/v1/accounts', { body: anAccount, key: aKey() });
  await broken.end();
  expect([read.body.code, write.body.code]).toEqual([ofReads, ofWrites]);
});
