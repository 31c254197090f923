import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { TransferRequest } from '../../domain/transfer.ts';
import { aTransfer, balanceOf, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { dueRows, inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { anInquiry, aReply, reportsOn } from '../../test/support/fixtures/reports.ts';
import { aClaim, reserved, sent } from '../../test/support/fixtures/sends.ts';
import { createTransfersOnRequest, type TransfersOnRequest } from '../transfers-on-request.ts';
import type { CancelCommand } from './cancel.ts';

// Rows that are due at once and taken by nobody are late; the last of a race is accepted without a send.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue', 'sent'] });
const accounts = freshAccounts({ pools, ledger });
const due = dueRows({ pools, ledger, accounts });
const reports = reportsOn({ pools, ledger, accounts });
const { row } = reports;

let onRequest: TransfersOnRequest;
beforeAll(() => {
  onRequest = createTransfersOnRequest({ pool: pools.api, onCommit: async () => {} });
});

const aCancellation = (id: string, fields: Partial<CancelCommand> = {}): CancelCommand => ({
  id,
  tenantId: accounts.tenantId,
  idempotencyKey: null,
  actor: 'test',
  reason: null,
  ...fields,
});
const cancel = (id: string, fields: Partial<CancelCommand> = {}) => onRequest.cancel(aCancellation(id, fields));
const scheduled = async (request: TransferRequest): Promise<string> => (await reserved(ledger, request)).id;
const dated = (fields: Partial<TransferRequest> = {}) => toBank(accounts, { executeAt: inAMinute(), ...fields });
const aKey = (fingerprint = 'ab'.repeat(32)) => ({ key: randomUUID(), fingerprint });

const eventsOf = async (id: string) =>
  (
    await pools.root.query<{ cause: string; evidence: Record<string, unknown> }>(
      'select cause, evidence from ledger.event where subject_id = $1 order by version',
      [id],
    )
  ).rows;
const keyCount = async (key: string) =>
  (await pools.root.query('select from ledger.idempotency_key where key = $1', [key])).rowCount;

test.each<[string, () => TransferRequest]>([
  ['to a bank', () => dated()],
  ['in the book', () => aTransfer(accounts, { executeAt: inAMinute() })],
])('a dated transfer %s is cancelled: its hold is released, and its event says who and why', async (_, request) => {
  const id = await scheduled(request());
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 100n, available: 9_900n });
  expect(await cancel(id, { reason: 'the invoice was wrong' })).toMatchObject({ id, result: 'cancelled', version: 2 });
  expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
  expect(await row({ transferId: id })).toMatchObject({ state: 'cancelled', next_what: null, carrier: null });
  expect((await eventsOf(id)).at(-1)).toEqual({
    cause: 'cancelled',
    evidence: { source: 'request', actor: 'test', reason: 'the invoice was wrong' },
  });
});

test('again it is the same: the answer of the first, and no second event', async () => {
  const id = await scheduled(dated());
  const first = await cancel(id);
  expect(await cancel(id)).toEqual({ ...first, result: 'replayed' });
  expect(await cancel(id, { reason: 'another', idempotencyKey: aKey() })).toEqual({ ...first, result: 'replayed' });
  expect(await eventsOf(id)).toHaveLength(2);
});

test('what its rail did not take can be cancelled; what it may have taken cannot', async () => {
  const waiting = await sent(ledger, accounts);
  await ledger.conclude(aReply(waiting, { outcome: 'not_taken' }));
  expect(await cancel(waiting.transferId)).toMatchObject({ result: 'cancelled' });

  const doubtful = await sent(ledger, accounts);
  await ledger.conclude(aReply(doubtful, { outcome: 'unknown' }));
  expect(await cancel(doubtful.transferId)).toMatchObject({ result: 'state_conflict', state: 'unknown' });
  // Absence resolves no send.
  const absent = await reports.scheduled();
  expect(await cancel(absent.transferId)).toMatchObject({ result: 'state_conflict', state: 'scheduled' });
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 200n });
});

describe('a refusal leaves everything as it was, its key too', () => {
  test.each<[string, () => Promise<string>, object]>([
    [
      'submitting',
      async () => (await sent(ledger, accounts)).transferId,
      { result: 'state_conflict', state: 'submitting' },
    ],
    ['completed', () => scheduled(aTransfer(accounts)), { result: 'state_conflict', state: 'completed' }],
    [
      'declined',
      () => scheduled(aTransfer(accounts, { amount: '999999999' })),
      { result: 'state_conflict', state: 'declined' },
    ],
    ['not there', async () => uuidV7(), { result: 'not_found' }],
  ])('%s', async (_, make, expected) => {
    const id = await make();
    const key = aKey();
    const before = await balanceOf(pools, accounts.ada);
    expect(await cancel(id, { idempotencyKey: key })).toEqual({ id, ...expected });
    expect(await balanceOf(pools, accounts.ada)).toEqual(before);
    expect(await keyCount(key.key)).toBe(0);
  });

  test("another tenant's", async () => {
    const other = await createAccounts(pools, ledger);
    const id = await scheduled(dated());
    expect(await cancel(id, { tenantId: other.tenantId })).toEqual({ id, result: 'not_found' });
    expect(await row({ transferId: id })).toMatchObject({ state: 'scheduled' });
  });
});

describe('under a key', () => {
  test('an equal request is the same, another one is refused, wherever the key was used', async () => {
    const [id, other] = [await scheduled(dated()), await scheduled(dated())];
    const idempotencyKey = aKey();
    expect(await cancel(id, { idempotencyKey })).toMatchObject({ result: 'cancelled' });
    expect(await cancel(id, { idempotencyKey })).toMatchObject({ result: 'replayed' });
    const reused = { result: 'key_reused', conflict: { thing: 'transfer', id } };
    expect(await cancel(other, { idempotencyKey })).toEqual({ id: other, ...reused });
    expect(await cancel(id, { idempotencyKey: { ...idempotencyKey, fingerprint: 'cd'.repeat(32) } })).toEqual({
      id,
      ...reused,
    });
    expect(await row({ transferId: other })).toMatchObject({ state: 'scheduled' });
    const made = dated();
    await ledger.reserve(randomUUID(), made);
    const ofATransfer = { key: made.key, fingerprint: made.fingerprint };
    expect(await cancel(other, { idempotencyKey: ofATransfer })).toMatchObject({
      result: 'key_reused',
      conflict: { thing: 'transfer', id: made.id },
    });
  });
});

test('a rail that takes it afterwards contradicts it: the customer is untouched, the platform carries it', async () => {
  const waiting = await sent(ledger, accounts);
  await ledger.conclude(aReply(waiting, { outcome: 'not_taken' }));
  const first = await cancel(waiting.transferId);
  const late = anInquiry(waiting, { outcome: 'accepted' });
  expect(await ledger.conclude(late)).toMatchObject({
    state: 'cancelled',
    cause: 'contradicted',
    attention: 'contradicted',
  });
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 10_000n, held: 0n });
  expect(await balanceOf(pools, accounts.suspense)).toMatchObject({ posted: -100n });
  // What was answered stays so.
  expect(await cancel(waiting.transferId)).toEqual({ ...first, result: 'replayed' });
});

test('a group that was to send it does nothing with it', async () => {
  const id = await due.dueBank();
  const { ids, carrier } = await due.take();
  expect(ids).toContain(id);
  expect(await cancel(id)).toMatchObject({ result: 'cancelled' });
  expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'cancelled' });
  expect(await ledger.claim(aClaim({ id, carrier }))).toMatchObject({ granted: false, why: 'state' });
});

const rounds = 100;

test(`cancel, due, claim and conclude race ${rounds} times: one of them wins, and the money is where its end says`, async () => {
  const winners: Record<string, number> = {};
  for (let round = 0; round < rounds; round += 1) {
    const isBook = round % 4 === 0;
    const id = await (isBook ? due.dueBook() : due.dueBank());
    const { carrier } = await due.take({ rail: isBook ? 'book' : 'instant' });
    const send = async () => {
      await ledger.release({ id, carrier });
      if (isBook) return;
      const grant = await ledger.claim(aClaim({ id, carrier }));
      if (grant.granted)
        await ledger.conclude(aReply({ transferId: id, sendN: grant.n, carrier }, { outcome: 'accepted' }));
    };
    const pause = () => new Promise((resolve) => setTimeout(resolve, round % 8));
    const [outcome] = await Promise.all([pause().then(() => cancel(id)), cancel(id), send()]);
    const { state } = await row({ transferId: id });
    winners[state] = (winners[state] ?? 0) + 1;
    expect(['cancelled', 'completed']).toContain(state);
    expect(outcome?.result === 'state_conflict').toBe(state === 'completed');
    expect((await eventsOf(id)).filter(({ cause }) => cause === 'cancelled' || cause === 'accepted')).toHaveLength(
      state === 'completed' && isBook ? 0 : 1,
    );
  }
  const completed = BigInt(winners['completed'] ?? 0);
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 0n, posted: 10_000n - completed * 100n });
});
