import { afterEach, describe, expect, test } from '@jest/globals';
import { balanceOf, withoutTriggers } from '../../test/support/fixtures/accounts.ts';
import { aCapture, aHold, holdsOf } from '../../test/support/fixtures/holds.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { expireHolds } from './expire.ts';

// A hold is aged by hand, so its time to expire is not that of its request.
const { pools, ledger } = freshLedger({ per: 'test' });
const accounts = freshAccounts({ pools, ledger });
const holds = holdsOf(pools);
const minute = 60_000;
const steadyMs = 5 * minute + 1_000;

const due = async (ms = 1, overrides: Parameters<typeof aHold>[1] = {}): Promise<string> => {
  const hold = aHold(accounts, overrides);
  await holds.create(hold);
  await holds.age(hold.id, ms);
  return hold.id;
};
const stateOf = async (id: string) => (await holds.rowOf(id))?.state;

test('what is left of a hold is given back when its time is over', async () => {
  const hold = aHold(accounts);
  await holds.create(hold);
  await holds.capture(aCapture(accounts, { holdId: hold.id, amount: '300' }));
  await holds.steady(steadyMs);
  expect(await holds.expire()).toEqual({ count: 0, last: null });
  await holds.age(hold.id, 1);
  expect(await holds.expire()).toEqual({ count: 1, last: null });
  expect(await holds.rowOf(hold.id)).toEqual({ state: 'expired', captured: '300', captures: 1, version: 3 });
  expect(await balanceOf(pools, accounts.ada)).toMatchObject({ posted: 9_700n, held: 0n });
  expect(await holds.storyOf(hold.id)).toEqual(['created to open', 'captured to open', 'expired to expired']);
  expect(await holds.capture(aCapture(accounts, { holdId: hold.id }))).toMatchObject({ refusal: 'hold_not_open' });
});

test('oldest first, in slices, each from where the last one ended', async () => {
  const ids: string[] = [];
  for (const ms of [30_000, 20_000, 10_000]) ids.push(await due(ms, { amount: '1' }));
  await holds.steady(steadyMs);
  const look = (after: Parameters<typeof expireHolds>[1]['after']) =>
    expireHolds(pools.worker, { after, limit: 2, clock: new Date() }, async () => {});
  const first = await look(null);
  expect(first).toMatchObject({ count: 2, last: { id: ids[1] } });
  expect(await Promise.all(ids.map(stateOf))).toEqual(['expired', 'expired', 'open']);
  expect(await look(first.last)).toEqual({ count: 1, last: null });
});

describe('a clock that is wrong for a while expires nothing', () => {
  const hours = 60 * minute;
  test.each([
    ['nobody has looked yet', null, null, 0],
    ['it has looked for less than five minutes', 5 * minute - 5_000, 0, 0],
    ['it has looked for long, but not lately', hours, 2 * minute + 5_000, 0],
    ['the last look lies ahead: a clock was set back', hours, -minute, 0],
    ["the caller's clock is a minute behind", hours, 0, -minute - 5_000],
    ["the caller's clock is a minute ahead", hours, 0, minute + 5_000],
  ])('%s', async (_, sinceMs, lastMs, offMs) => {
    const id = await due();
    if (sinceMs !== null) await holds.steady(sinceMs, lastMs ?? 0);
    expect(await holds.expire(new Date(Date.now() + offMs))).toEqual({ count: 0, last: null });
    expect(await stateOf(id)).toBe('open');
    await holds.steady(steadyMs);
    expect(await holds.expire()).toMatchObject({ count: 1 });
  });

  test('nor does a clock of the caller that is only a little behind', async () => {
    const id = await due(1_000);
    await holds.steady(steadyMs);
    expect(await holds.expire(new Date(Date.now() - 30_000))).toMatchObject({ count: 0 });
    expect(await stateOf(id)).toBe('open');
  });
});

test('a hold that was made while the clock was thirty years ahead lasts as long as it was meant to', async () => {
  const hold = aHold(accounts);
  await holds.create(hold);
  await withoutTriggers(pools.root, async (client) => {
    for (const column of ['expires_at'])
      await client.query(`update ledger.client_hold set ${column} = ${column} + interval '30 years' where id = $1`, [
        hold.id,
      ]);
  });
  // For an hour the clock may be the one that is wrong.
  await holds.steady(steadyMs);
  await holds.expire();
  const left = async () =>
    (await pools.root.query('select extract(epoch from expires_at - now()) / 86400 as days from ledger.client_hold'))
      .rows[0];
  expect(Number((await left()).days)).toBeGreaterThan(30);
  await holds.steady(61 * minute);
  await holds.expire();
  expect(Number((await left()).days)).toBeLessThanOrEqual(30);
  expect(await stateOf(hold.id)).toBe('open');
});

describe('what is locked is left for the next look, and keeps no other waiting', () => {
  const sessions: { end: () => Promise<void> }[] = [];
  afterEach(async () => void (await Promise.all(sessions.splice(0).map((one) => one.end()))));
  const lock = async (sql: string, id: string) => {
    const client = await pools.root.connect();
    const end = async () => {
      await client.query('rollback');
      client.release();
    };
    sessions.push({ end });
    await client.query('begin');
    await client.query(sql, [id]);
  };

  test.each([
    ['the hold', 'select from ledger.client_hold where id = $1 for update', (id: string) => id],
    ['its source', 'select from ledger.balance where account_id = $1 for update', () => accounts.ada],
    ['its destination', 'select from ledger.balance where account_id = $1 for update', () => accounts.grace],
  ])('%s', async (_, sql, idOf) => {
    const locked = await due(2_000);
    const free = await due(1_000, { sourceAccountId: accounts.funding, destinationAccountId: accounts.ada });
    const others = idOf(locked) === accounts.ada ? null : free;
    await holds.steady(steadyMs);
    await lock(sql, idOf(locked));
    expect(await holds.expire()).toEqual({ count: others === null ? 0 : 1, last: null });
    expect(await stateOf(locked)).toBe('open');
    await Promise.all(sessions.splice(0).map((one) => one.end()));
    await holds.expire();
    expect(await stateOf(locked)).toBe('expired');
    expect(await stateOf(free)).toBe('expired');
  });
});
