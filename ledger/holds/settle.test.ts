import { describe, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { aTransfer, balanceOf, createAccounts, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aCapture, aHold, aRelease, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';

/** What closes a hold: captures and releases. */
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const holds = holdsOf(pools);

const made = async (overrides: Parameters<typeof aHold>[1] = {}): Promise<string> => {
  const hold = aHold(accounts, overrides);
  expect(await holds.create(hold)).toMatchObject({ refusal: null });
  return hold.id;
};
const capture = (holdId: string, amount: string | null = null, isFinal = false) =>
  holds.capture(aCapture(accounts, { holdId, amount, isFinal }));
const release = (holdId: string, reason: string | null = null) => holds.release(aRelease(accounts, { holdId, reason }));
const [ada, grace] = [() => balanceOf(pools, accounts.ada), () => balanceOf(pools, accounts.grace)];

describe('a capture', () => {
  test('without an amount moves all that is left, and closes the hold', async () => {
    const id = await made();
    const outcome = await capture(id);
    expect(outcome).toMatchObject({
      result: 'decided',
      facts: { amount: '1000', capturedAmount: '1000', holdState: 'captured' },
      hold: { state: 'captured', capturedAmount: 1_000n },
    });
    expect([await ada(), await grace()]).toMatchObject([
      { posted: 9_000n, held: 0n },
      { posted: 1_000n, held: 0n },
    ]);
    expect(await holds.storyOf(id)).toEqual(['created to open', 'captured to captured']);
  });

  test('in parts: each is an entry, and the last part closes the hold', async () => {
    const id = await made();
    const parts = [await capture(id, '300'), await capture(id, '300'), await capture(id)];
    expect(parts).toMatchObject([
      { facts: { amount: '300', capturedAmount: '300', holdState: 'open' } },
      { facts: { amount: '300', capturedAmount: '600', holdState: 'open' } },
      { facts: { amount: '400', capturedAmount: '1000', holdState: 'captured' } },
    ]);
    const entryIds = parts.map((part) => ('facts' in part ? part.facts?.entryId : null));
    expect(new Set(entryIds).size).toBe(3);
    expect(parts[2]).toMatchObject({ hold: { entryIds } });
    expect([await ada(), await grace()]).toMatchObject([{ posted: 9_000n, held: 0n }, { posted: 1_000n }]);
  });

  test('that is final gives the rest back', async () => {
    const id = await made();
    expect(await capture(id, '300', true)).toMatchObject({ facts: { amount: '300', holdState: 'captured' } });
    expect(await holds.rowOf(id)).toEqual({ state: 'captured', captured: '300', captures: 1, version: 2 });
    expect([await ada(), await grace()]).toMatchObject([{ posted: 9_700n, held: 0n }, { posted: 300n }]);
  });

  test('of more than is left moves nothing, and stays refused under its key', async () => {
    const id = await made();
    await capture(id, '300');
    const wanted = aCapture(accounts, { holdId: id, amount: '701' });
    expect(await holds.capture(wanted)).toMatchObject({ result: 'decided', refusal: 'capture_too_large' });
    expect(await holds.capture({ ...wanted, id: uuidV7() })).toMatchObject({
      result: 'replayed',
      refusal: 'capture_too_large',
    });
    expect(await holds.rowOf(id)).toMatchObject({ state: 'open', captured: '300' });
  });

  test('again under its key is the same capture, whatever happened since', async () => {
    const id = await made();
    const wanted = aCapture(accounts, { holdId: id, amount: '300' });
    const first = await holds.capture(wanted);
    await release(id);
    const again = await holds.capture({ ...wanted, id: uuidV7() });
    expect(again).toMatchObject({ result: 'replayed', facts: 'facts' in first ? first.facts : null });
    expect(await grace()).toMatchObject({ posted: 300n });
  });

  test('under the key of a capture of another hold is refused, with the entry that it made', async () => {
    const [one, other] = [await made(), await made()];
    const wanted = aCapture(accounts, { holdId: one });
    const first = await holds.capture(wanted);
    expect(await holds.capture({ ...wanted, id: uuidV7(), holdId: other })).toEqual({
      result: 'key_reused',
      conflict: { thing: 'entry', id: 'facts' in first ? first.facts?.entryId : null },
    });
  });

  test('the hundredth takes the rest, or is final', async () => {
    const id = await made();
    for (let n = 0; n < 99; n += 1) await capture(id, '1');
    expect(await capture(id, '1')).toMatchObject({ refusal: 'captures_exhausted' });
    expect(await capture(id, '1', true)).toMatchObject({ facts: { capturedAmount: '100', holdState: 'captured' } });
  });

  test("another tenant's hold is none, and no key is used", async () => {
    const others = await createAccounts(pools, ledger);
    const wanted = aCapture(others, { holdId: await made() });
    expect(await holds.capture(wanted)).toEqual({ result: 'not_found' });
    expect(await holds.release(aRelease(others, { holdId: wanted.holdId }))).toEqual({ result: 'not_found' });
    const { rows } = await pools.root.query('select from ledger.idempotency_key where key = $1', [
      wanted.idempotencyKey?.key,
    ]);
    expect(rows).toEqual([]);
  });

  test('after its time is refused, although nobody has expired it yet', async () => {
    const id = await made();
    await holds.age(id, 1);
    expect(await capture(id)).toMatchObject({ refusal: 'hold_expired' });
    expect(await holds.rowOf(id)).toMatchObject({ state: 'open' });
    expect(await release(id)).toMatchObject({ hold: { state: 'released' } });
  });
});

describe('a release', () => {
  test('gives back what is left, and again answers the same', async () => {
    const id = await made();
    await capture(id, '300');
    const first = await release(id, 'the order was cancelled');
    expect(first).toMatchObject({ result: 'decided', hold: { state: 'released', capturedAmount: 300n } });
    expect(await release(id, 'once more')).toMatchObject({
      result: 'decided',
      hold: 'hold' in first ? first.hold : null,
    });
    expect(await ada()).toMatchObject({ posted: 9_700n, held: 0n });
    expect(await holds.storyOf(id)).toEqual(['created to open', 'captured to open', 'released to released']);
  });

  test('under a key is replayed', async () => {
    const wanted = aRelease(accounts, {
      holdId: await made(),
      idempotencyKey: { key: 'r-1', fingerprint: 'a'.repeat(64) },
    });
    expect(await holds.release(wanted)).toMatchObject({ result: 'decided' });
    expect(await holds.release({ ...wanted, id: uuidV7() })).toMatchObject({ result: 'replayed' });
  });

  test('of what is captured is refused, and so is a capture of what is released', async () => {
    const [captured, released] = [await made(), await made()];
    await capture(captured, '1', true);
    await release(released);
    expect(await release(captured)).toMatchObject({ refusal: 'hold_not_open' });
    expect(await capture(captured)).toMatchObject({ refusal: 'hold_not_open' });
    expect(await capture(released)).toMatchObject({ refusal: 'hold_not_open' });
  });
});

test('captures and releases go on while both accounts are frozen', async () => {
  const [one, other] = [await made(), await made()];
  const { tenantId } = accounts;
  for (const id of [accounts.ada, accounts.grace]) await setStatus(pools, { id, tenantId, status: 'frozen' });
  expect(await capture(one, '300')).toMatchObject({ facts: { holdState: 'open' } });
  expect(await release(one)).toMatchObject({ hold: { state: 'released' } });
  expect(await capture(other)).toMatchObject({ hold: { state: 'captured' } });
});

test.each(['ada', 'grace'] as const)(
  'an account is not closed while it is the side of %s of an open hold',
  async (side) => {
    const from = accounts.funding;
    const [source, destination] = side === 'ada' ? [accounts.grace, accounts.ada] : [from, accounts.grace];
    // What Grace has comes and goes, so that only the hold is left.
    if (side === 'ada')
      await reserved(ledger, aTransfer(accounts, { sourceAccountId: from, destinationAccountId: source }));
    const id = await made({ sourceAccountId: source, destinationAccountId: destination, amount: '100' });
    const close = () => setStatus(pools, { id: accounts.grace, tenantId: accounts.tenantId, status: 'closed' });
    expect(await close()).toMatchObject({ refusal: { code: 'account_not_empty' } });
    await release(id);
    if (side === 'ada')
      await reserved(ledger, aTransfer(accounts, { sourceAccountId: source, destinationAccountId: from }));
    expect(await close()).toMatchObject({ ok: true });
  },
);
