import { expect, test } from '@jest/globals';
import { anAccount, balanceOf, setStatus } from '../../test/support/fixtures/accounts.ts';
import { aCapture, aHold, aRelease, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { captureHolds } from './capture.ts';
import { releaseHolds } from './release.ts';

// Past the batchers: each call is a transaction of its own, as those of many processes are.
const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const holds = holdsOf(pools);
const rounds = 100;
const none = async () => {};

const capture = (holdId: string, more: object = {}) =>
  captureHolds(pools.api, [aCapture(accounts, { holdId, ...more })], none).then(([one]) => one);
const release = (holdId: string) =>
  releaseHolds(pools.api, [aRelease(accounts, { holdId })], none).then(([one]) => one);
const isDone = (outcome: Awaited<ReturnType<typeof capture | typeof release>>) =>
  outcome !== undefined && 'refusal' in outcome && outcome.refusal === null;

test('captured, released or expired: exactly one of them, in every race, with the accounts frozen meanwhile', async () => {
  const wins: Record<string, number> = { captured: 0, released: 0, expired: 0 };
  const { tenantId, ada } = accounts;
  let moved = 0n;
  for (let n = 0; n < rounds; n += 1) {
    // Empty, so that only the hold keeps it from being closed.
    const payee = await anAccount(pools, { tenantId });
    const hold = aHold(accounts, { amount: '10', destinationAccountId: payee });
    await holds.create(hold);
    // Half of them are due, so that a capture is refused and only release and expiry race.
    const isDue = n % 2 === 0;
    if (isDue) await holds.age(hold.id, 0);
    await holds.steady(6 * 60_000);
    const [captured, released, expired, frozen, closed] = await Promise.all([
      capture(hold.id),
      release(hold.id),
      holds.expire(),
      setStatus(pools, { id: ada, tenantId, status: 'frozen' }),
      setStatus(pools, { id: payee, tenantId, status: 'closed' }),
    ]);
    const row = await holds.rowOf(hold.id);
    const wonBy = [isDone(captured) && 'captured', isDone(released) && 'released', expired.count === 1 && 'expired'];
    expect([n, wonBy.filter((name) => name !== false)]).toEqual([n, [row?.state]]);
    if (row?.state === 'captured') moved += 10n;
    wins[row?.state ?? ''] = (wins[row?.state ?? ''] ?? 0) + 1;
    expect(frozen.ok).toBe(true);
    await setStatus(pools, { id: ada, tenantId, status: 'open' });
    expect(await balanceOf(pools, ada)).toEqual({ posted: 10_000n - moved, held: 0n, available: 10_000n - moved });
    const paid = row?.state === 'captured' ? 10n : 0n;
    expect(await balanceOf(pools, payee)).toMatchObject({ posted: paid, held: 0n });
    // Closed only once nothing was held of it any longer, and nothing had come.
    if (paid > 0n) expect(closed.ok).toBe(false);
  }
  expect(Object.values(wins).reduce((sum, n) => sum + n)).toBe(rounds);
});

test('captures in parts race for the last cent: never more than the hold', async () => {
  for (let n = 0; n < rounds; n += 1) {
    const hold = aHold(accounts, { amount: '10' });
    await holds.create(hold);
    const outcomes = await Promise.all([3, 4, 5, 6].map((amount) => capture(hold.id, { amount: String(amount) })));
    const moved = outcomes.map((one, i) => (isDone(one) ? i + 3 : 0)).reduce((sum, amount) => sum + amount);
    expect(moved).toBeLessThanOrEqual(10);
    expect(await holds.rowOf(hold.id)).toMatchObject({ captured: String(moved) });
    await release(hold.id);
  }
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ held: 0n });
});

test('holds race for what is there: nobody below the floor', async () => {
  for (let n = 0; n < rounds; n += 1) {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => holds.create(aHold(accounts, { amount: '4000' }))),
    );
    const made = outcomes.flatMap((one) => ('refusal' in one && one.refusal === null ? [one.holdId] : []));
    expect(made).toHaveLength(2);
    await Promise.all(made.map((id) => release(id)));
  }
  expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
});
