import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { instantTerms } from '../rails/instant/terms.ts';
import { freshDatabase } from '../test/support/database.ts';
import { railTerms, reserved, sent } from '../test/support/endings.ts';
import { breaches } from '../test/support/facts.ts';
import {
  anAccount,
  aTransfer,
  balanceOf,
  ledgerOf,
  type People,
  type Pools,
  people,
  poolsOf,
  toBank,
} from '../test/support/people.ts';
import { changeAccount } from './change-account.ts';
import type { Ledger } from './index.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pools: Pools;
let ledger: Ledger;
let everyone: People;

// Taking looks at a whole rail, so each test has a database of its own.
beforeEach(async () => {
  database = await freshDatabase();
  pools = poolsOf(database);
  ledger = ledgerOf(pools);
  everyone = await people(pools, ledger);
});
afterEach(async () => {
  expect(await breaches(pools.reader)).toEqual([]);
  await pools.end();
  await database.drop();
});

const leaseMs = 30_000;
const take = (said: Partial<Parameters<Ledger['takeDue']>[0]> = {}) => {
  const carrier = said.carrier ?? randomUUID();
  return ledger
    .takeDue({ rail: 'instant', limit: 500, leaseMs, ...said, carrier })
    .then((taken) => ({ ...taken, carrier }));
};
const makeDue = (id: string) =>
  pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [id]);
/** Date given, and the date has come. */
const dueBook = async (said: Parameters<typeof aTransfer>[1] = {}) => {
  const { id } = await reserved(
    ledger,
    aTransfer(everyone, { executeAt: new Date(Date.now() + 60_000).toISOString(), ...said }),
  );
  await makeDue(id);
  return id;
};
const dueBank = async (said: Parameters<typeof toBank>[1] = {}) => {
  const { id } = await reserved(
    ledger,
    toBank(everyone, { executeAt: new Date(Date.now() + 60_000).toISOString(), ...said }),
  );
  await makeDue(id);
  return id;
};
const setRail = (breaker: 'open' | 'closed', probeInMs = 60_000) =>
  pools.root.query(
    "update ledger.rail set breaker = $1, probe_at = case $1 when 'open' then now() + $2 * interval '1 millisecond' end where name = 'instant'",
    [breaker, probeInMs],
  );
/** Ends everything that is left of a round, whoever took it. */
const finish = async (carrier: string, ids: string[]) => {
  await pools.root.query('update ledger.transfer set carrier = $1 where id = any($2) and state = $3', [
    carrier,
    ids,
    'scheduled',
  ]);
  await ledger.due(ids, carrier);
  for (const transferId of ids)
    await ledger.conclude({ transferId, source: 'inquiry', outcome: 'accepted', railReference: transferId });
};
const stateOf = async (id: string) =>
  (await pools.root.query('select state, carrier, next_what, waiting_for from ledger.transfer where id = $1', [id]))
    .rows[0];

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
    expect(second.waitMs).toBeGreaterThan(leaseMs - 5_000);
    await makeDue(id);
    expect((await take()).ids).toEqual([id]);
  });

  test('tells how long until the next, and null when none waits', async () => {
    expect(await take()).toMatchObject({ ids: [], waitMs: null });
    await reserved(ledger, toBank(everyone, { executeAt: new Date(Date.now() + 60_000).toISOString() }));
    const { ids, waitMs } = await take();
    expect(ids).toEqual([]);
    expect(waitMs).toBeGreaterThan(50_000);
  });

  test('takes the oldest first, up to the limit, and another rail not at all', async () => {
    const sources = await Promise.all(
      [1, 2, 3].map(() => anAccount(pools, { tenantId: everyone.tenantId, overdraftLimit: '1000' })),
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
    await ledger.due([one, two], group.carrier);
    expect((await take()).ids).toEqual([]);
    for (const transferId of [one, two])
      await ledger.conclude({ transferId, source: 'inquiry', outcome: 'accepted', railReference: transferId });
    expect((await take()).ids).toEqual([three]);
  });

  test("raced by six drains gives each row to one group, and one account's rows never to two", async () => {
    const open = () => anAccount(pools, { tenantId: everyone.tenantId, overdraftLimit: '1000' });
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
  }, 30_000);

  test('while the breaker is open takes nothing, then one as a probe, then none until the probe is over', async () => {
    await setRail('open');
    const first = await reserved(ledger, toBank(everyone));
    await reserved(ledger, toBank(everyone));
    expect((await stateOf(first.id)).next_what).toBe('send_when_rail_opens');
    expect(await take()).toMatchObject({ ids: [], probe: false, waitMs: expect.any(Number) });
    await setRail('open', -1);
    expect(await take()).toMatchObject({ ids: [first.id], probe: true });
    expect(await take()).toMatchObject({ ids: [] });
  });

  test('once it is closed again takes at once what waited for it, whatever time was planned', async () => {
    await setRail('open', 3_600_000);
    const one = await reserved(ledger, toBank(everyone));
    await setRail('closed');
    expect((await take()).ids).toEqual([one.id]);
  });

  test('takes nothing while an operator holds the rail', async () => {
    await dueBank();
    await pools.root.query("select ledger.hold_rail('instant', 'olga')");
    expect(await take()).toMatchObject({ ids: [], waitMs: 60_000 });
  });
});

describe('due', () => {
  test('a transfer to the bank goes on its way, and twice is once', async () => {
    const id = await dueBank();
    const { carrier } = await take();
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'submitting' }]);
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'submitting' }]);
    expect(await stateOf(id)).toMatchObject({ state: 'submitting', carrier });
    const [grant] = await ledger.claim({
      ids: [id],
      sender: randomUUID(),
      carrier,
      leaseMs: railTerms.leaseMs,
      deduplicatesMs: null,
      probe: false,
    });
    expect(grant).toMatchObject({ granted: true, n: 1 });
  });

  test('a book transfer is posted, and twice is once', async () => {
    const id = await dueBook();
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'completed' }]);
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'completed' }]);
    expect(await balanceOf(pools, everyone.ada)).toMatchObject({ posted: 9_900n, held: 0n });
    expect(await balanceOf(pools, everyone.grace)).toMatchObject({ posted: 100n });
  });

  test('a book transfer whose destination was closed fails, and the money is free again', async () => {
    const id = await dueBook();
    // Closing is refused while a transfer is on its way in, so this is forced.
    await expect(
      changeAccount(pools.api, {
        id: everyone.grace,
        tenantId: everyone.tenantId,
        name: null,
        metadata: null,
        status: 'closed',
        actor: 'test',
      }),
    ).resolves.toMatchObject({ ok: false });
    await pools.root.query('alter table ledger.balance drop constraint closed_is_empty');
    await pools.root.query("update ledger.balance set status = 'closed' where account_id = $1", [everyone.grace]);
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'failed' }]);
    expect(await balanceOf(pools, everyone.ada)).toMatchObject({ posted: 10_000n, held: 0n });
  });

  test('frozen accounts: what was taken goes on', async () => {
    const id = await dueBook();
    for (const account of [everyone.ada, everyone.grace]) {
      await changeAccount(pools.api, {
        id: account,
        tenantId: everyone.tenantId,
        name: null,
        metadata: null,
        status: 'frozen',
        actor: 'test',
      });
    }
    const { carrier } = await take({ rail: 'book' });
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'completed' }]);
  });

  test('is for the carrier: another group is told that it is elsewhere', async () => {
    const id = await dueBank();
    const late = await take();
    await makeDue(id);
    const { carrier } = await take();
    expect(await ledger.due([id], late.carrier)).toEqual([{ id, state: 'elsewhere' }]);
    expect(await ledger.due([id], carrier)).toEqual([{ id, state: 'submitting' }]);
    expect(await ledger.due([id], late.carrier)).toEqual([{ id, state: 'elsewhere' }]);
  });
});

describe('the breaker', () => {
  const terms = { ...instantTerms, breakerFailures: 4, breakerWindowMs: 60_000, breakerOpenMs: 5_000 };
  const observe = (good: number, bad: number, badSources: string[]) =>
    ledger.observeRail({ rail: 'instant', good, bad, badSources, terms });

  test('opens on one tenant that is all there is, when nobody has a good answer', async () => {
    expect(await observe(0, 4, ['ours/a', 'ours/b'])).toBe('open');
  });

  test('probes with the row that was tried longest ago, not with the one that fails every time', async () => {
    const failing = await dueBank();
    const good = await dueBank();
    const tried = await take({ limit: 1 });
    expect(tried.ids).toEqual([failing]);
    await ledger.due([failing], tried.carrier);
    const claim = { ids: [failing], sender: randomUUID(), carrier: tried.carrier, leaseMs: 1_000 };
    await ledger.claim({ ...claim, deduplicatesMs: 86_400_000, probe: true });
    await ledger.conclude({ transferId: failing, source: 'reply', outcome: 'not_taken', sendN: 1, nextInMs: 0 });
    await observe(0, 4, ['ours/a', 'theirs/b']);
    await pools.root.query("update ledger.rail set probe_at = now() where name = 'instant'");
    expect(await take({})).toMatchObject({ ids: [good], probe: true });
  });

  test('lets tenants and their banks probe in turn, however many rows one of them has', async () => {
    const others = await people(pools, ledger);
    const bank = (routingNumber: string) => ({ routingNumber, accountNumber: '1', name: 'B' });
    const row = async (who: People, routingNumber: string) => {
      const executeAt = new Date(Date.now() + 60_000).toISOString();
      const { id } = await reserved(ledger, toBank(who, { executeAt, destinationBank: bank(routingNumber) }));
      await makeDue(id);
      return id;
    };
    const [first, sameBank, otherBank] = [await row(everyone, '1'), await row(everyone, '1'), await row(everyone, '2')];
    const theirs = await row(others, '1');
    const probed: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await setRail('open', -1_000);
      const { ids, carrier } = await take();
      probed.push(...ids);
      await finish(carrier, ids);
    }
    expect(probed).toEqual([first, theirs, otherBank, sameBank]);
  });

  test('opens when enough of the window failed, for more than one source', async () => {
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
    expect(await observe(0, 1, ['ours/a'])).toBe('open');
  });

  test.each([
    ['few failures', [[0, 3, ['ours/a', 'theirs/b']]]],
    [
      'less than half',
      [
        [9, 4, ['ours/a', 'theirs/b']],
        [9, 4, ['theirs/c']],
      ],
    ],
    [
      'one tenant alone, while others are served',
      [
        [1, 0, []],
        [0, 50, ['ours/a', 'ours/b', 'ours/c']],
      ],
    ],
    [
      'one bank',
      [
        [0, 50, ['ours/a', 'theirs/a']],
        [0, 50, ['ours/a']],
      ],
    ],
    [
      'one source',
      [
        [0, 50, ['ours/a']],
        [0, 50, ['ours/a']],
      ],
    ],
  ] as [string, [number, number, string[]][]][])('stays closed on %s', async (_, seen) => {
    for (const [good, bad, sources] of seen) expect(await observe(good, bad, sources)).toBe('closed');
  });

  test('forgets what an older window saw', async () => {
    await observe(0, 3, ['ours/a', 'theirs/b']);
    await pools.root.query(
      "update ledger.rail set window_started_at = now() - interval '2 minutes' where name = 'instant'",
    );
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
  });

  test('once open, a failed probe keeps it open and a good answer closes it', async () => {
    await observe(0, 4, ['ours/a', 'theirs/b']);
    await pools.root.query("update ledger.rail set probe_at = now() where name = 'instant'");
    expect(await observe(0, 1, ['ours/a'])).toBe('open');
    const { rows } = await pools.root.query(
      "select probe_at > now() + interval '4 seconds' as later from ledger.rail where name = 'instant'",
    );
    expect(rows[0].later).toBe(true);
    expect(await observe(1, 0, [])).toBe('closed');
    expect(await observe(0, 3, ['ours/a', 'theirs/b'])).toBe('closed');
  });
});

describe('a transfer that a bank never takes', () => {
  /** As if it had been sent so often before, and never taken. */
  const sentBefore = (id: string, times: number) =>
    pools.root.query(
      `insert into ledger.send (transfer_id, attempt_n, n, tenant_id, sender, granted_at, lease_until, outcome, answered_at)
       select $1, 1, n, $2, gen_random_uuid(), now(), now(), 'not_taken', now() from generate_series(2, $3::int) n`,
      [id, everyone.tenantId, times],
    );
  const waitOf = async (id: string) => {
    const { rows } = await pools.root.query(
      'select extract(epoch from next_at - updated_at)::float as seconds, attention_reason from ledger.transfer where id = $1',
      [id],
    );
    return rows[0];
  };

  test.each([
    [1, 2, null],
    [4, 16, null],
    [19, 300, null],
    [20, 300, 'not_taken_many_times'],
  ])('after %i sends it waits %i s, attention %s', async (times, seconds, attention) => {
    const { transferId, sendN } = await sent(ledger, everyone);
    await sentBefore(transferId, times);
    await ledger.conclude({ transferId, source: 'reply', outcome: 'not_taken', sendN, nextInMs: 2_000 });
    expect(await waitOf(transferId)).toEqual({ seconds, attention_reason: attention });
  });

  test('its thousandth send is its last, and harms nobody who is claimed beside it', async () => {
    const worn = await reserved(ledger, toBank(everyone));
    const fresh = await reserved(ledger, toBank(everyone));
    await sentBefore(worn.id, 1_000);
    await pools.root.query('update ledger.transfer set carrier = $1 where id = any($2)', [
      worn.groupId,
      [worn.id, fresh.id],
    ]);
    const grants = await ledger.claim({
      ids: [worn.id, fresh.id],
      sender: randomUUID(),
      carrier: worn.groupId,
      leaseMs: 1_000,
      deduplicatesMs: railTerms.deduplicatesMs,
      probe: false,
    });
    expect(grants).toMatchObject([
      { id: worn.id, granted: false, why: 'worn_out' },
      { id: fresh.id, granted: true },
    ]);
  });
});

describe('what is overdue', () => {
  test('a row that is late by more than the grace, the oldest first; not one that waits for a date or a rail', async () => {
    const { transferId: unknown, ...send } = await sent(ledger, everyone);
    await ledger.conclude({ transferId: unknown, ...send, source: 'reply', outcome: 'unknown' });
    const { id: submitting } = await reserved(ledger, toBank(everyone));
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
    expect((await ledger.overdue({ graceMs: 20_000, limit: 10 })).map(({ transferId }) => transferId)).toEqual([
      unknown,
      submitting,
    ]);
    expect(await ledger.overdue({ graceMs: 20_000, limit: 1 })).toHaveLength(1);
  });
});
