import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { aTransfer, balanceOf, setStatus, toBank } from '../../test/support/fixtures/accounts.ts';
import { dueRows, inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { reportsOn } from '../../test/support/fixtures/reports.ts';
import { aClaim, reserved } from '../../test/support/fixtures/sends.ts';

// A transfer that was dated: what may happen to it and its accounts until its date comes.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const due = dueRows({ pools, ledger, accounts });
const { row } = reportsOn({ pools, ledger, accounts });
const change = (name: 'ada' | 'grace', status: 'open' | 'frozen' | 'closed') =>
  setStatus(pools, { id: accounts[name], tenantId: accounts.tenantId, status });

/** Its date has come: a dispatcher takes it, and its group releases it. */
async function release(id: string, rail: 'book' | 'instant') {
  await due.makeDue(id);
  const { ids, carrier } = await due.take({ rail });
  expect(ids).toContain(id);
  return { ...(await ledger.release({ id, carrier })), carrier };
}

test('its funds are held at once, and it says when it goes on', async () => {
  const executeAt = inAMinute();
  const { id } = await reserved(ledger, aTransfer(accounts, { executeAt }));
  expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 100n, available: 9_900n });
  expect(await row({ transferId: id })).toMatchObject({
    ...{ state: 'scheduled', next_what: 'send_on_date', waiting_for: 'date', next_at: new Date(executeAt) },
  });
});

test.each<[string, number, object]>([
  ['half a minute ago', -30_000, { to: 'completed' }],
  ['now', 0, { to: 'completed' }],
  [
    'two minutes ago',
    -120_000,
    { to: 'declined', evidence: { source: 'ledger', refusal: { code: 'execute_at_passed' } } },
  ],
])('a date of %s', async (_, ms, event) => {
  const now = Date.now();
  const request = aTransfer(accounts, { id: uuidV7({ msecs: now }), executeAt: new Date(now + ms).toISOString() });
  const first = await reserved(ledger, request);
  expect(first).toMatchObject({ event });
  // The same request later is the same, however long ago its date is by then.
  const again = await reserved(ledger, { ...request, id: uuidV7() });
  expect(again).toMatchObject({ result: 'replayed', event: 'event' in first ? first.event : null });
});

test.each([
  ['ada', 'the source'],
  ['grace', 'the destination'],
] as const)('when %s is frozen, which is %s, what is held goes on: frozen means nothing new', async (name, _) => {
  const { id } = await reserved(ledger, aTransfer(accounts, { executeAt: inAMinute() }));
  expect(await change(name, 'frozen')).toMatchObject({ ok: true });
  expect(await reserved(ledger, aTransfer(accounts))).toMatchObject({ event: { to: 'declined' } });
  expect(await release(id, 'book')).toMatchObject({ state: 'completed' });
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 9_900n, held: 0n });
});

test('one to a bank whose source is frozen is sent all the same', async () => {
  const { id } = await reserved(ledger, toBank(accounts, { executeAt: inAMinute() }));
  await change('ada', 'frozen');
  const { state, carrier } = await release(id, 'instant');
  expect(state).toBe('submitting');
  expect(await ledger.claim(aClaim({ id, carrier }))).toMatchObject({ granted: true });
});

test('neither account can be closed while it waits; when it is done, an empty one can', async () => {
  const { id } = await reserved(ledger, aTransfer(accounts, { executeAt: inAMinute(), amount: '10000' }));
  const refused = { ok: false, refusal: { code: 'account_not_empty' } };
  expect(await change('ada', 'closed')).toEqual(refused);
  expect(await change('grace', 'closed')).toEqual(refused);
  expect(await release(id, 'book')).toMatchObject({ state: 'completed' });
  expect(await change('ada', 'closed')).toMatchObject({ ok: true });
});
