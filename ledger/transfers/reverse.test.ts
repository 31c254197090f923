import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { TransferRequest } from '../../domain/transfer.ts';
import { aTransfer, balanceOf, createAccounts, setStatus, toBank } from '../../test/support/fixtures/accounts.ts';
import { inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { aReply, reportsOn } from '../../test/support/fixtures/reports.ts';
import { aReversal } from '../../test/support/fixtures/reversals.ts';
import { reserved, sent } from '../../test/support/fixtures/sends.ts';
import { createTransfersOnRequest, type TransfersOnRequest } from '../transfers-on-request.ts';
import { type ReverseCommand, reverse } from './reverse.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const { row: rowOf } = reportsOn({ pools, ledger, accounts });
const row = (transferId: string) => rowOf({ transferId });

let onRequest: TransfersOnRequest;
beforeAll(() => {
  onRequest = createTransfersOnRequest({ pool: pools.api, onCommit: async () => {} });
});

/** Ada has paid Grace a dollar. */
const paid = async (fields: Partial<TransferRequest> = {}): Promise<string> =>
  (await reserved(ledger, aTransfer(accounts, fields))).id;
const undo = (id: string, fields: Partial<ReverseCommand> = {}) => onRequest.reverse(aReversal(accounts, id, fields));
const keyCount = async (key: string) =>
  (await pools.root.query('select from ledger.idempotency_key where key = $1', [key])).rowCount;
const eventsOf = async (id: string) =>
  (
    await pools.root.query<{ cause: string; evidence: Record<string, unknown> }>(
      'select cause, evidence from ledger.event where subject_id = $1 order by version',
      [id],
    )
  ).rows;

test('a completed book transfer is undone by a new one, in one commit, and each names the other', async () => {
  const id = await paid();
  const command = aReversal(accounts, id, { reason: 'goods returned' });
  expect(await onRequest.reverse(command)).toMatchObject({
    result: 'decided',
    transferId: command.id,
    event: { cause: 'book_posted', to: 'completed' },
  });
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 10_000n });
  expect(await balanceOf(pools, accounts.grace)).toMatchObject({ posted: 0n });
  const undoing = await row(command.id);
  expect(undoing).toMatchObject({
    ...{ state: 'completed', rail: 'book', amount: '100', currency: 'USD', description: 'goods returned' },
    ...{ source_account_id: accounts.grace, destination_account_id: accounts.ada, reverses_id: id },
  });
  expect(await row(id)).toMatchObject({ state: 'reversed', reversed_by_id: command.id, version: 2 });
  expect((await eventsOf(id)).at(-1)).toEqual({
    cause: 'reversed',
    evidence: { source: 'request', actor: 'test', reason: 'goods returned', reversed_by_id: command.id },
  });
  const { rows } = await pools.root.query(
    'select count(distinct batch_id)::int as batches from ledger.event where subject_id = $1 and version = 2 or subject_id = $2',
    [id, command.id],
  );
  expect(rows).toEqual([{ batches: 1 }]);
});

test('so is one that was dated, whose money was on hold before', async () => {
  const { id } = await reserved(ledger, aTransfer(accounts, { executeAt: inAMinute() }));
  const carrier = randomUUID();
  await pools.root.query('update ledger.transfer set carrier = $1 where id = $2', [carrier, id]);
  await ledger.release({ id, carrier });
  expect(await undo(id)).toMatchObject({ result: 'decided', event: { to: 'completed' } });
  expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
});

describe('a reversal that is declined leaves the transfer completed, and a later one under a new key may work', () => {
  test('the money is spent', async () => {
    const id = await paid();
    const back = await paid({ sourceAccountId: accounts.grace, destinationAccountId: accounts.ada, amount: '1' });
    const command = aReversal(accounts, id);
    const declined = await onRequest.reverse(command);
    expect(declined).toMatchObject({
      event: { to: 'declined', evidence: { refusal: { code: 'insufficient_funds' } } },
    });
    expect(await row(id)).toMatchObject({ state: 'completed', version: 1, reversed_by_id: null });
    expect(await row(command.id)).toMatchObject({ state: 'declined', reverses_id: id });
    expect(await undo(back)).toMatchObject({ event: { to: 'completed' } });
    expect(await onRequest.reverse(command)).toEqual(declined);
    expect(await undo(id)).toMatchObject({ result: 'decided', event: { to: 'completed' } });
  });

  test.each(['frozen', 'closed'] as const)('an account is %s', async (status) => {
    const id = await paid();
    if (status === 'closed') await paid({ sourceAccountId: accounts.grace, destinationAccountId: accounts.ada });
    await setStatus(pools, { id: accounts.grace, tenantId: accounts.tenantId, status });
    expect(await undo(id)).toMatchObject({
      event: { to: 'declined', evidence: { refusal: { code: `account_${status}` } } },
    });
    expect(await row(id)).toMatchObject({ state: 'completed' });
  });
});

describe('what cannot be undone is refused, and the key stays unused', () => {
  test.each<[string, () => Promise<string>, string]>([
    [
      'one of a bank',
      async () => {
        const send = await sent(ledger, accounts);
        await ledger.conclude(aReply(send, { outcome: 'accepted' }));
        return send.transferId;
      },
      'not_reversible',
    ],
    ['a declined one', () => paid({ amount: '999999999' }), 'not_reversible'],
    [
      'one that waits',
      async () => (await reserved(ledger, toBank(accounts, { executeAt: inAMinute() }))).id,
      'not_reversible',
    ],
    [
      'a reversal',
      async () => {
        const command = aReversal(accounts, await paid());
        await onRequest.reverse(command);
        return command.id;
      },
      'not_reversible',
    ],
    ['nothing', async () => uuidV7(), 'not_found'],
  ])('%s', async (_, make, result) => {
    const id = await make();
    const command = aReversal(accounts, id);
    expect(await onRequest.reverse(command)).toEqual({ id: command.id, tenantId: accounts.tenantId, result });
    expect(await keyCount(command.key)).toBe(0);
  });

  test('one that was undone, and the answer names by what', async () => {
    const id = await paid();
    const first = aReversal(accounts, id);
    await onRequest.reverse(first);
    const second = aReversal(accounts, id);
    expect(await onRequest.reverse(second)).toMatchObject({ result: 'already_reversed', reversedById: first.id });
    expect(await keyCount(second.key)).toBe(0);
  });

  test("another tenant's", async () => {
    const other = await createAccounts(pools, ledger);
    const id = await paid();
    expect(await undo(id, { tenantId: other.tenantId })).toMatchObject({ result: 'not_found' });
    expect(await row(id)).toMatchObject({ state: 'completed' });
  });
});

describe('under its key', () => {
  test('the same request again is the same transfer, whatever happened since; another one is refused', async () => {
    const id = await paid();
    const command = aReversal(accounts, id);
    const first = await onRequest.reverse(command);
    // A lost answer: the same ids again.
    expect(await onRequest.reverse(command)).toMatchObject({ result: 'decided', transferId: command.id });
    const again = await onRequest.reverse({ ...command, id: uuidV7() });
    expect(again).toMatchObject({ result: 'replayed', transferId: command.id });
    expect(again).toMatchObject({ event: 'event' in first ? first.event : null });
    const changed = { ...command, id: uuidV7(), fingerprint: 'cd'.repeat(32) };
    expect(await onRequest.reverse(changed)).toMatchObject({ result: 'key_reused', conflict: { id: command.id } });
    const other = await paid();
    expect(await undo(other, { key: command.key, fingerprint: 'ef'.repeat(32) })).toMatchObject({
      result: 'key_reused',
    });
    expect(await row(other)).toMatchObject({ state: 'completed' });
  });

  test('two equal keys in one batch undo one transfer', async () => {
    const [one, other] = [await paid(), await paid()];
    const key = randomUUID();
    const commands = [one, other].map((id, i) => aReversal(accounts, id, { key, fingerprint: `${i}`.repeat(64) }));
    const outcomes = await reverse(pools.api, commands, async () => {});
    expect(outcomes.map(({ result }) => result).toSorted()).toEqual(['decided', 'key_reused']);
    const states = [(await row(one)).state, (await row(other)).state];
    expect(states.toSorted()).toEqual(['completed', 'reversed']);
  });
});

test('of fifty reversals of one transfer, each on a connection of its own or through the batcher, one undoes it', async () => {
  const id = await paid();
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const command = aReversal(accounts, id);
      return i % 2 === 0 ? onRequest.reverse(command) : (await reverse(pools.api, [command], async () => {}))[0];
    }),
  );
  expect(outcomes.filter((outcome) => outcome?.result === 'decided')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome?.result === 'already_reversed')).toHaveLength(49);
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 10_000n });
  const { rowCount } = await pools.root.query('select from ledger.transfer where reverses_id = $1', [id]);
  expect(rowCount).toBe(1);
});

test('the database itself refuses a second reversal, a reversal that is not on the book, and a reversed one without one', async () => {
  const id = await paid();
  const command = aReversal(accounts, id);
  await onRequest.reverse(command);
  const insert = (changes: object) =>
    pools.root.query(
      `insert into ledger.transfer select (jsonb_populate_record(t, $2::jsonb || jsonb_build_object('id', gen_random_uuid(), 'version', 1))).*
       from ledger.transfer t where id = $1`,
      [command.id, JSON.stringify(changes)],
    );
  await expect(insert({})).rejects.toMatchObject({ code: '23505', constraint: 'transfer_reversed_once' });
  await expect(
    insert({ rail: 'instant', state: 'declined', cause: 'refused', refusal_code: 'x' }),
  ).rejects.toMatchObject({ constraint: 'reversal_is_on_book' });
  const other = await paid();
  await expect(
    pools.root.query("update ledger.transfer set state = 'reversed', cause = 'reversed', version = 2 where id = $1", [
      other,
    ]),
  ).rejects.toMatchObject({ constraint: 'reversed_has_reversal' });
});
