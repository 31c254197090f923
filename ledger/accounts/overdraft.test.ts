import { expect, test } from '@jest/globals';
import { aTransfer, balanceOf } from '../../test/support/fixtures/accounts.ts';
import { aHold, aRelease, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reserved } from '../../test/support/fixtures/sends.ts';
import { changeAccount } from './change.ts';

const { pools, ledger } = freshLedger();
const accounts = freshAccounts({ pools, ledger });
const holds = holdsOf(pools);

/** Grace has nothing, and may go this far below zero. */
const limit = (overdraftLimit: string, id = accounts.grace) =>
  changeAccount(pools.api, {
    ...{ id, tenantId: accounts.tenantId, name: null, metadata: null, status: null, actor: 'olga' },
    overdraftLimit,
  });
const pay = async (amount: string) => {
  const { event } = Object.assign(
    { event: null },
    await reserved(
      ledger,
      aTransfer(accounts, { amount, sourceAccountId: accounts.grace, destinationAccountId: accounts.ada }),
    ),
  ) as { event: { to: string } | null };
  return event?.to;
};

test('a limit is raised, used and lowered again, never below what is used', async () => {
  expect(await pay('1')).toBe('declined');
  expect(await limit('500')).toMatchObject({ ok: true });
  expect(await pay('400')).toBe('completed');
  expect(await pay('101')).toBe('declined');
  expect(await limit('399')).toEqual({ ok: false, refusal: { code: 'overdraft_in_use' } });
  expect(await limit('400')).toMatchObject({ ok: true });
  expect(await pay('1')).toBe('declined');
});

test('what is held counts as used', async () => {
  await limit('500');
  const hold = aHold(accounts, { sourceAccountId: accounts.grace, destinationAccountId: accounts.ada, amount: '500' });
  expect(await holds.create(hold)).toMatchObject({ refusal: null });
  expect(await limit('499')).toEqual({ ok: false, refusal: { code: 'overdraft_in_use' } });
  await holds.release(aRelease(accounts, { holdId: hold.id }));
  expect(await limit('0')).toMatchObject({ ok: true });
});

test('a funding account has no limit, and takes none', async () => {
  expect(await limit('5', accounts.funding)).toEqual({ ok: false, refusal: { code: 'state_conflict' } });
});

test('what was below zero while it was allowed stays right when the limit is gone', async () => {
  await limit('500');
  await pay('400');
  await reserved(ledger, aTransfer(accounts, { amount: '400' }));
  expect(await limit('0')).toMatchObject({ ok: true });
});

test('a limit that is lowered races with who draws on it: nobody is below the floor', async () => {
  for (let n = 0; n < 100; n += 1) {
    expect(await limit('100')).toMatchObject({ ok: true });
    const [paid, lowered] = await Promise.all([pay('100'), limit('0')]);
    const { posted } = await balanceOf(pools, accounts.grace);
    expect([paid, lowered.ok, posted]).toEqual(
      paid === 'completed' ? ['completed', false, -100n] : ['declined', true, 0n],
    );
    if (paid === 'completed') await reserved(ledger, aTransfer(accounts));
  }
});
