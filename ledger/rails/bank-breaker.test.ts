import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { anAccount, createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { dueRows } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { aClaim, eventOf, reserved } from '../../test/support/fixtures/sends.ts';
import type { SourceCount } from './observe.ts';

// A rail has one row for each bank, so each test has a ledger of its own.
const { pools, ledger } = freshLedger({ per: 'test', mayViolate: ['overdue', 'sent'] });
const accounts = freshAccounts({ pools, ledger });
const { take, finish } = dueRows({ pools, ledger, accounts });

const [silent, good] = ['021000089', '021000021'];
const to = (routingNumber: string, sourceAccountId = accounts.ada) =>
  toBank(accounts, {
    sourceAccountId,
    amount: '1',
    destinationBank: { scheme: 'us_account', routingNumber, accountNumber: '1', name: 'B' },
  });
const seen = (bank: string, counts: Partial<SourceCount>, tenant = 'ours') =>
  ledger.observeRail({ rail: 'instant', sources: [{ tenant, bank, good: 0, bad: 0, cost: 0, ...counts }] });
/** Two sends that kept their places until the timeout. */
const timeouts = { bad: 2, cost: 10 };
const nextOf = async (id: string) => {
  const sql = 'select state, next_what, waiting_for from ledger.transfer where id = $1';
  return (await pools.root.query(sql, [id])).rows[0];
};
const waitsForBank = { state: 'scheduled', next_what: 'send_when_bank_recovers', waiting_for: 'bank' };
const probeNow = () =>
  pools.root.query("update ledger.bank_breaker set probe_at = now() - interval '1 second' where breaker = 'open'");
const aSource = () => anAccount(pools, { tenantId: accounts.tenantId, overdraftLimit: '1000' });

test('two timeouts stop a bank, and no other: not of its account either', async () => {
  expect(await seen(silent, timeouts)).toEqual({ breaker: 'closed', banks: [{ bank: silent, breaker: 'open' }] });
  const waiting = await reserved(ledger, to(silent));
  expect(eventOf(waiting)).toMatchObject({
    to: 'scheduled',
    evidence: { next: { what: 'send_when_bank_recovers', waiting_for: 'bank' } },
  });
  expect(eventOf(await reserved(ledger, to(good)))).toMatchObject({ to: 'submitting' });
});

test('what was to be sent to it is put off, and waits for the bank', async () => {
  const { id, groupId } = await reserved(ledger, to(silent));
  await seen(silent, timeouts);
  expect(await ledger.claim(aClaim({ id, carrier: groupId }))).toMatchObject({
    granted: false,
    why: 'rail_unavailable',
  });
  await ledger.conclude({ transferId: id, source: 'carrier', outcome: 'put_off', carrier: groupId });
  expect(await nextOf(id)).toEqual(waitsForBank);
});

test('one row at a time tries it, the one that was tried longest ago, and the rows of others are taken meanwhile', async () => {
  await seen(silent, timeouts);
  const [first, second] = [
    await reserved(ledger, to(silent, await aSource())),
    await reserved(ledger, to(silent, await aSource())),
  ];
  expect((await take()).ids).toEqual([]);
  await probeNow();
  const probe = await take();
  expect(probe).toMatchObject({ ids: [first.id], probe: true });
  await ledger.release({ id: first.id, carrier: probe.carrier });
  const grant = await ledger.claim(aClaim({ id: first.id, carrier: probe.carrier, probe: true }));
  expect(grant).toMatchObject({ granted: true });
  // Until its lease is over there is no other.
  expect((await take()).ids).toEqual([]);
  await ledger.conclude({ transferId: first.id, sendN: 1, source: 'reply', outcome: 'not_taken', code: 'http_503' });
  await seen(silent, { bad: 1, cost: 1 });
  expect(await nextOf(first.id)).toEqual(waitsForBank);
  await probeNow();
  expect((await take()).ids).toEqual([second.id]);
});

test('the first good answer lets all of them go, in their order, and those that come then wait for none of them', async () => {
  await seen(silent, timeouts);
  const waiting = [await reserved(ledger, to(silent)), await reserved(ledger, to(silent))].map(({ id }) => id);
  expect(await seen(silent, { good: 1 })).toMatchObject({ banks: [{ bank: silent, breaker: 'closed' }] });
  // Behind those that still wait, and behind nobody once they were taken.
  const behind = await reserved(ledger, to(silent));
  expect(await nextOf(behind.id)).toEqual(waitsForBank);
  const taken = await take();
  expect(taken).toMatchObject({ ids: [...waiting, behind.id], probe: false });
  expect(eventOf(await reserved(ledger, to(silent)))).toMatchObject({ to: 'submitting' });
  await finish(taken.carrier, taken.ids);
});

test.each([
  [
    'most of its answers are good',
    [
      [{ good: 20 }, 'ours'],
      [timeouts, 'ours'],
    ],
  ],
  [
    'only one tenant fails there, while another is served',
    [
      [{ good: 1 }, 'theirs'],
      [timeouts, 'ours'],
      [timeouts, 'ours'],
    ],
  ],
  ['it failed once', [[{ bad: 1, cost: 1 }, 'ours']]],
] as [string, [Partial<SourceCount>, string][]][])('a bank stays up when %s', async (_, answers) => {
  // It is remembered from its first failure on.
  await seen(silent, { bad: 1, cost: 1 });
  for (const [counts, tenant] of answers) expect((await seen(silent, counts, tenant)).banks).toEqual([]);
  expect(eventOf(await reserved(ledger, to(silent)))).toMatchObject({ to: 'submitting' });
});

test('of so many banks that fail a thousand are remembered, and forgotten when they were well for a while', async () => {
  const failing = Array.from({ length: 500 }, (_, n) => ({ tenant: 'ours', bank: `${n}`, good: 1, bad: 1, cost: 1 }));
  const more = ['other', 'third'].map((word) =>
    failing.map((source) => ({ ...source, bank: `${word} ${source.bank}` })),
  );
  for (const sources of [failing, ...more]) await ledger.observeRail({ rail: 'instant', sources });
  const count = async () => (await pools.root.query('select count(*)::int as n from ledger.bank_breaker')).rows[0].n;
  expect(await count()).toBe(1_000);
  await pools.root.query(
    "update ledger.bank_breaker set window_started_at = now() - interval '1 hour', changed_at = now() - interval '1 hour'",
  );
  await seen('another', { bad: 1, cost: 1 });
  expect(await count()).toBe(1);
});

test("a tenant's rows wait for their bank beside another tenant's, and each bank has its own probe", async () => {
  const theirs = await createAccounts(pools, ledger);
  const other = '021000077';
  // The rail itself works.
  await seen(good, { good: 20 }, 'theirs');
  for (const bank of [silent, other]) await seen(bank, timeouts);
  const a = await reserved(ledger, to(silent));
  const request = { ...to(other), tenantId: theirs.tenantId, sourceAccountId: theirs.ada, id: to(other).id };
  const b = await ledger.reserve(randomUUID(), request);
  await probeNow();
  const probe = await take();
  expect({ ...probe, ids: probe.ids.toSorted() }).toMatchObject({ ids: [a.id, b.id].toSorted(), probe: true });
});
