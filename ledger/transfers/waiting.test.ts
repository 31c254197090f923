import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { TransferRequest } from '../../domain/transfer.ts';
import { anAccount, aTransfer, balanceOf, setStatus, toBank } from '../../test/support/fixtures/accounts.ts';
import { dueRows, handoverMs, inAMinute } from '../../test/support/fixtures/due-transfers.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { setBreaker, setPause, setTerms } from '../../test/support/fixtures/rail.ts';
import { anInquiry } from '../../test/support/fixtures/reports.ts';
import { aClaim, eventOf, reserved, reservedTogether, sent } from '../../test/support/fixtures/sends.ts';

// Taking looks at a whole rail, so each test has a book of its own.
const { pools, ledger } = freshLedger({
  per: 'test',
  mayViolate: ['limits', 'overdue', 'sent', 'guards', 'statements'],
});
const accounts = freshAccounts({ pools, ledger });
const { makeDue, dueBook, dueBank, take, finish } = dueRows({ pools, ledger, accounts });

const stateOf = async (id: string) =>
  (await pools.root.query('select state, carrier, next_what, waiting_for from ledger.transfer where id = $1', [id]))
    .rows[0];

describe('reserving while the rail is down', () => {
  const next = async (fields: Partial<TransferRequest> = {}) =>
    eventOf(await ledger.reserve(randomUUID(), toBank(accounts, fields)));

  test('new ones are held for later, and those after them wait in turn until the row is gone', async () => {
    await setBreaker(pools, 'open');
    expect(await next()).toMatchObject({
      to: 'scheduled',
      evidence: { next: { what: 'send_when_rail_recovers', waiting_for: 'rail' } },
    });
    await setBreaker(pools, 'closed');
    expect(await next()).toMatchObject({
      to: 'scheduled',
      evidence: { next: { what: 'send_in_turn', waiting_for: 'rail' } },
    });
    expect(await next({ sourceAccountId: accounts.grace })).toMatchObject({ to: 'declined' });
    await ledger.reserve(randomUUID(), aTransfer(accounts, { amount: '100' }));
    // Grace waits for nobody; a book transfer of Ada's does not use the rail.
    expect(await next({ sourceAccountId: accounts.grace })).toMatchObject({ to: 'submitting' });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 9_900n, held: 200n });
  });

  test('nothing overtakes a row of its account that a dispatcher took, and nothing waits once that is concluded', async () => {
    const earlier = await dueBank();
    const { carrier } = await take();
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    await ledger.release({ id: earlier, carrier });
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    const waiting = await pools.root.query("select id from ledger.transfer where state = 'scheduled'");
    for (const { id } of [{ id: earlier }, ...waiting.rows])
      await ledger.conclude({ transferId: id, source: 'report', outcome: 'accepted', code: 'ACSC', railReference: id });
    expect(await next()).toMatchObject({ to: 'submitting' });
  });

  test('a line that began ends: what waited only for its turn holds up nobody once a dispatcher took it', async () => {
    const { transferId: first, sendN } = await sent(ledger, accounts);
    await ledger.conclude({ transferId: first, sendN, source: 'reply', outcome: 'not_taken', code: 'http_429' });
    const follower = await reserved(ledger, toBank(accounts));
    expect(eventOf(follower)).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    // The first is taken too: what the rail was tried for before is ahead of the others until it is decided.
    await makeDue(first);
    const { ids, carrier } = await take();
    expect(ids).toEqual([first, follower.id]);
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    for (const id of ids) await ledger.release({ id, carrier });
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    for (const transferId of ids)
      await ledger.conclude(anInquiry({ transferId }, { outcome: 'accepted', railReference: transferId }));
    // Those that came meanwhile still wait. From when they are taken on, those that come go out as if there were none.
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_in_turn' } } });
    const last = await take();
    expect(last.ids).toHaveLength(3);
    expect(await next()).toMatchObject({ to: 'submitting' });
    for (const id of last.ids) await ledger.release({ id, carrier: last.carrier });
    expect(await next()).toMatchObject({ to: 'submitting' });
  });

  test('those of one account in one batch stay in turn behind the first', async () => {
    await setBreaker(pools, 'open');
    const outcomes = await reservedTogether(pools, [toBank(accounts), toBank(accounts)]);
    expect(outcomes.map((outcome) => eventOf(outcome)?.to)).toEqual(['scheduled', 'scheduled']);
  });

  test('an operator may hold it', async () => {
    await setPause(pools, 'olga');
    expect(await next()).toMatchObject({ to: 'scheduled', evidence: { next: { what: 'send_when_rail_recovers' } } });
  });

  test('a book transfer goes on', async () => {
    await setBreaker(pools, 'open');
    expect(eventOf(await ledger.reserve(randomUUID(), aTransfer(accounts)))?.to).toBe('completed');
  });
});

describe('taking due rows', () => {
  test('sets the carrier, leaves the state, and what was taken is not taken again until its lease is over', async () => {
    const id = await dueBank();
    const first = await take();
    expect(first).toMatchObject({ ids: [id], probe: false });
    expect(await stateOf(id)).toEqual({
      state: 'scheduled',
      carrier: first.carrier,
      next_what: 'send',
      waiting_for: 'worker',
    });
    const second = await take();
    expect(second.ids).toEqual([]);
    expect(second.waitMs).toBeGreaterThan(handoverMs - 5_000);
    await makeDue(id);
    expect((await take()).ids).toEqual([id]);
  });

  test('a probe that finds nothing to try leaves its turn to the next one', async () => {
    await setBreaker(pools, 'open', -1_000);
    expect(await take()).toMatchObject({ ids: [], probe: true });
    const id = await dueBank();
    expect(await take()).toMatchObject({ ids: [id], probe: true });
    await dueBank({ sourceAccountId: await anAccount(pools, { tenantId: accounts.tenantId, overdraftLimit: '1000' }) });
    expect((await take()).ids).toEqual([]);
  });

  test('tells how long until the next, and null when none waits', async () => {
    expect(await take()).toMatchObject({ ids: [], waitMs: null });
    await reserved(ledger, toBank(accounts, { executeAt: inAMinute() }));
    const { ids, waitMs } = await take();
    expect(ids).toEqual([]);
    expect(waitMs).toBeGreaterThan(50_000);
  });

  test('takes the oldest first, up to the limit, and another rail not at all', async () => {
    const sources = await Promise.all(
      [1, 2, 3].map(() => anAccount(pools, { tenantId: accounts.tenantId, overdraftLimit: '1000' })),
    );
    const ids: string[] = [];
    for (const sourceAccountId of sources) ids.push(await dueBank({ sourceAccountId }));
    await dueBook();
    expect((await take({ limit: 2 })).ids).toEqual(ids.slice(0, 2));
    expect((await take({ limit: 2 })).ids).toEqual(ids.slice(2));
  });

  test("one account's rows go in one group, and none while one of them is in flight", async () => {
    const [one, two] = [await dueBank(), await dueBank()];
    const group = await take();
    expect(group.ids).toEqual([one, two]);
    const three = await dueBank();
    expect((await take()).ids).toEqual([]);
    for (const id of [one, two]) await ledger.release({ id, carrier: group.carrier });
    expect((await take()).ids).toEqual([]);
    for (const transferId of [one, two])
      await ledger.conclude(anInquiry({ transferId }, { outcome: 'accepted', railReference: transferId }));
    expect((await take()).ids).toEqual([three]);
  });

  test("raced by six dispatchers gives each row to one group, and one account's rows never to two", async () => {
    const open = () => anAccount(pools, { tenantId: accounts.tenantId, overdraftLimit: '1000' });
    // Rounds, because the first only opens the connections.
    for (let round = 0; round < 5; round += 1) {
      const sourceOf = new Map<string, string>();
      for (const source of await Promise.all([open(), open(), open()])) {
        for (let n = 0; n < 4; n += 1) sourceOf.set(await dueBank({ sourceAccountId: source }), source);
      }
      const groups = await Promise.all(Array.from({ length: 6 }, () => take({ limit: 2 })));
      const ids = groups.flatMap((group) => group.ids);
      expect(new Set(ids).size).toBe(ids.length);
      const sources = groups.flatMap((group) => [
        ...new Set(group.ids.map((id) => sourceOf.get(id) ?? 'of another round')),
      ]);
      expect(new Set(sources).size).toBe(sources.length);
      for (const { carrier } of groups) await finish(carrier, [...sourceOf.keys()]);
    }
  });

  test('while the breaker is open takes nothing, then one as a probe, then none until the probe is over', async () => {
    await setBreaker(pools, 'open');
    const first = await reserved(ledger, toBank(accounts));
    await reserved(ledger, toBank(accounts));
    expect((await stateOf(first.id)).next_what).toBe('send_when_rail_recovers');
    expect(await take()).toMatchObject({ ids: [], probe: false, waitMs: expect.any(Number) });
    await setBreaker(pools, 'open', -1);
    expect(await take()).toMatchObject({ ids: [first.id], probe: true });
    expect(await take()).toMatchObject({ ids: [] });
  });

  test('once it is closed again takes at once what waited for it, whatever time was planned', async () => {
    await setBreaker(pools, 'open', 3_600_000);
    const one = await reserved(ledger, toBank(accounts));
    await setBreaker(pools, 'closed');
    expect((await take()).ids).toEqual([one.id]);
  });

  test('takes nothing while an operator pauses the rail', async () => {
    await dueBank();
    await setPause(pools, 'olga');
    expect(await take()).toMatchObject({ ids: [], waitMs: null });
  });
});

describe('due', () => {
  test('a transfer to the bank is submitted, and a repetition changes nothing', async () => {
    const id = await dueBank();
    const { carrier } = await take();
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'submitting' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'submitting' });
    expect(await stateOf(id)).toMatchObject({ state: 'submitting', carrier });
    await setTerms(pools, { deduplicatesMs: null });
    expect(await ledger.claim(aClaim({ id, carrier }))).toMatchObject({ granted: true, n: 1 });
    await setTerms(pools);
  });

  test('a book transfer is posted, and a repetition changes nothing', async () => {
    const id = await dueBook();
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'completed' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'completed' });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 9_900n, held: 0n });
    expect(await balanceOf(pools, accounts.grace)).toMatchObject({ posted: 100n });
  });

  test('a book transfer whose destination was closed fails, and the money is free again', async () => {
    const id = await dueBook();
    // Closing is refused while a transfer is on its way in, so this is forced.
    expect(await setStatus(pools, { ...accounts, id: accounts.grace, status: 'closed' })).toMatchObject({ ok: false });
    await pools.root.query('alter table ledger.balance drop constraint closed_is_empty');
    await pools.root.query("update ledger.balance set status = 'closed' where account_id = $1", [accounts.grace]);
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'failed' });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 10_000n, held: 0n });
  });

  test('frozen accounts: what was taken goes on', async () => {
    const id = await dueBook();
    for (const account of [accounts.ada, accounts.grace])
      await setStatus(pools, { ...accounts, id: account, status: 'frozen' });
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'completed' });
  });

  test('is for the carrier: another group is answered elsewhere', async () => {
    const id = await dueBank();
    const late = await take();
    await makeDue(id);
    const { carrier } = await take();
    expect(await ledger.release({ id, carrier: late.carrier })).toEqual({ id, state: 'elsewhere' });
    expect(await ledger.release({ id, carrier })).toEqual({ id, state: 'submitting' });
    expect(await ledger.release({ id, carrier: late.carrier })).toEqual({ id, state: 'elsewhere' });
  });
});

describe('what is overdue', () => {
  test('a row that is late by more than the grace, so many of each state; not one that waits for a date or a rail', async () => {
    const { transferId: unknown, ...send } = await sent(ledger, accounts);
    await ledger.conclude({ transferId: unknown, ...send, source: 'reply', outcome: 'unknown', code: 'timeout' });
    const { id: submitting } = await reserved(ledger, toBank(accounts));
    await dueBank();
    const late = (id: string, seconds: number) =>
      pools.root.query("update ledger.transfer set next_at = now() - $2 * interval '1 second' where id = $1", [
        id,
        seconds,
      ]);
    await late(submitting, 30);
    await late(unknown, 40);
    expect(await ledger.overdue({ graceMs: 35_000, limit: 10 })).toEqual([
      { transferId: unknown, state: 'unknown', rail: 'instant' },
    ]);
    const { id: another } = await reserved(ledger, toBank(accounts));
    await late(another, 50);
    const lateOnes = async (limit: number) =>
      (await ledger.overdue({ graceMs: 20_000, limit })).map(({ state }) => state).sort();
    expect(await lateOnes(10)).toEqual(['submitting', 'submitting', 'unknown']);
    expect(await lateOnes(1)).toEqual(['submitting', 'unknown']);
  });

  test('not a row whose turn has not come in a group that is at work; but the whole group once it is not', async () => {
    const [first, second] = [await dueBank(), await dueBank()];
    const { carrier } = await take();
    for (const id of [first, second]) await ledger.release({ id, carrier });
    await ledger.claim(aClaim({ id: first, carrier }));
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 minute' where id = $1", [second]);
    const late = async () => (await ledger.overdue({ graceMs: 20_000, limit: 10 })).map(({ transferId }) => transferId);
    expect(await late()).toEqual([]);
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 minute' where id = $1", [first]);
    expect((await late()).sort()).toEqual([first, second].sort());
  });

  test('a row that waits, where its dispatcher could take it and takes nothing', async () => {
    const id = await dueBank();
    await pools.root.query("update ledger.transfer set next_at = now() - interval '61 seconds' where id = $1", [id]);
    const waiting = async () =>
      (await ledger.overdue({ graceMs: 20_000, limit: 10 })).map(({ transferId }) => transferId);
    const tookBefore = (seconds: number) =>
      pools.root.query("update ledger.rail set taken_at = now() - $1 * interval '1 second' where name = 'instant'", [
        seconds,
      ]);
    // A line that moves is long, not forgotten.
    await tookBefore(50);
    expect(await waiting()).toEqual([]);
    await tookBefore(61);
    expect(await waiting()).toEqual([id]);
    await setPause(pools, 'olga');
    expect(await waiting()).toEqual([]);
    await setPause(pools, null);
    await setBreaker(pools, 'open');
    expect(await waiting()).toEqual([]);
    await setBreaker(pools, 'closed');
    await take();
    expect(await waiting()).toEqual([]);
  });
});
