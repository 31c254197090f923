import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { freshDatabase } from '../test/support/database.ts';
import { railTerms, reserved, sent } from '../test/support/endings.ts';
import { breaches } from '../test/support/facts.ts';
import { balanceOf, ledgerOf, type People, type Pools, people, poolsOf, toBank } from '../test/support/people.ts';
import { type Conclusion, conclude, type Report } from './conclude.ts';
import type { Ledger } from './index.ts';
import { examine } from './verify/examine.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let pools: Pools;
let ledger: Ledger;
let everyone: People;

beforeAll(async () => {
  database = await freshDatabase();
  pools = poolsOf(database);
  ledger = ledgerOf(pools);
});
beforeEach(async () => {
  everyone = await people(pools, ledger);
});
afterAll(async () => {
  expect(await breaches(pools.reader)).toEqual([]);
  // Aged sends and states set back make rows late; nothing else may be wrong.
  const found = await examine({ url: database.reader });
  expect(found.filter(({ name, breaches: n }) => n !== '0' && name !== 'overdue')).toEqual([]);
  await pools.end();
  await database.drop();
});

type Sent = Awaited<ReturnType<typeof sent>>;
const { leaseMs, deduplicatesMs, quietMs, giveUpMs } = railTerms;
const terms = { leaseMs, deduplicatesMs, quietMs, giveUpMs };
const reply = (send: Sent, said: Partial<Report> & Pick<Report, 'outcome'>): Promise<Conclusion> =>
  ledger.conclude({ ...send, source: 'reply', ...said });
const inquiry = (send: Sent, said: Partial<Report> & Pick<Report, 'outcome'>): Promise<Conclusion> =>
  ledger.conclude({
    transferId: send.transferId,
    source: 'inquiry',
    askedAt: new Date().toISOString(),
    ...terms,
    ...said,
  });
const age = (send: Sent, ms: number) =>
  pools.root.query(
    "update ledger.send set granted_at = granted_at - $2 * interval '1 millisecond', lease_until = lease_until - $2 * interval '1 millisecond' where transfer_id = $1",
    [send.transferId, ms],
  );
const row = async ({ transferId }: Pick<Sent, 'transferId'>) => {
  const { rows } = await pools.root.query('select * from ledger.transfer where id = $1', [transferId]);
  return rows[0];
};

/** Ways to bring a transfer with one send into each open state. */
const submitting = () => sent(ledger, everyone);
const unknown = async () => {
  const send = await submitting();
  await reply(send, { outcome: 'unknown', code: 'http_500' });
  return send;
};
/** Waits for the rail again after an absence; its send stays unresolved. */
const scheduled = async () => {
  const send = await unknown();
  await age(send, leaseMs + quietMs + 1_000);
  expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ state: 'scheduled' });
  return send;
};
/** A second sender is at work beside the first, whose fate is open: the rail deduplicates. */
const twoSends = async (): Promise<Sent> => {
  const first = await submitting();
  await age(first, leaseMs + 1);
  const [grant] = await ledger.claim({
    ids: [first.transferId],
    sender: randomUUID(),
    carrier: first.carrier,
    leaseMs,
    deduplicatesMs,
    probe: false,
  });
  expect(grant).toMatchObject({ granted: true, n: 2 });
  return { ...first, sendN: 2 };
};

describe('every row of the state table that a report can take', () => {
  const nothing = { posted: 0n, held: 0n };
  const hold = { ...nothing, posted: 10_000n, held: 100n };
  const freed = { ...nothing, posted: 10_000n };
  const paid = { ...nothing, posted: 9_900n };
  test.each<
    [
      from: string,
      make: () => Promise<Sent>,
      said: Partial<Report> & Pick<Report, 'outcome'>,
      event: string | null,
      to: string,
      ada: object,
    ]
  >([
    ['submitting', submitting, { outcome: 'accepted', railReference: 'r' }, 'accepted', 'completed', paid],
    ['unknown', unknown, { outcome: 'accepted', railReference: 'r' }, 'accepted', 'completed', paid],
    ['scheduled', scheduled, { outcome: 'accepted', railReference: 'r' }, 'accepted', 'completed', paid],
    ['submitting', submitting, { outcome: 'rejected', code: 'AC03', decisive: true }, 'rejected', 'rejected', freed],
    [
      'submitting, decisive or not the only send',
      submitting,
      { outcome: 'rejected', code: 'AC03', decisive: false },
      'rejected',
      'rejected',
      freed,
    ],
    ['unknown', unknown, { outcome: 'rejected', code: 'AC03', decisive: true }, 'rejected', 'rejected', freed],
    ['scheduled', scheduled, { outcome: 'rejected', code: 'AC03', decisive: true }, 'rejected', 'rejected', freed],
    [
      'submitting, another send open',
      twoSends,
      { outcome: 'rejected', code: 'DUPL', decisive: false },
      'rejected',
      'unknown',
      hold,
    ],
    [
      'submitting, another send open',
      twoSends,
      { outcome: 'rejected', code: 'AC03', decisive: true },
      'rejected',
      'rejected',
      freed,
    ],
    ['submitting', submitting, { outcome: 'not_taken', code: 'refused' }, 'not_taken', 'scheduled', hold],
    ['unknown', unknown, { outcome: 'not_taken', code: 'refused' }, 'not_taken', 'scheduled', hold],
    ['submitting, another send open', twoSends, { outcome: 'not_taken' }, 'not_taken', 'unknown', hold],
    ['submitting', submitting, { outcome: 'not_sent' }, 'put_off', 'scheduled', hold],
    ['submitting, another send open', twoSends, { outcome: 'not_sent' }, 'no_answer', 'unknown', hold],
    ['submitting', submitting, { outcome: 'unknown', code: 'timeout' }, 'no_answer', 'unknown', hold],
    ['unknown, once more', unknown, { outcome: 'unknown', code: 'timeout' }, null, 'unknown', hold],
  ])('%s', async (_, make, said, event, to, ada) => {
    const send = await make();
    const conclusion = await reply(send, said);
    expect(conclusion).toMatchObject({ transferId: send.transferId, event, state: to });
    expect(await balanceOf(pools, everyone.ada)).toMatchObject(ada);
    const isOver = to === 'completed' || to === 'rejected';
    expect(await row(send)).toMatchObject({ state: to, carrier: null, next_at: isOver ? null : expect.any(Date) });
    // Twice is once: the same word again changes nothing.
    const before = await row(send);
    expect(await reply(send, said)).toMatchObject({ event: null, state: to });
    expect(await row(send)).toMatchObject({ version: before.version, state: to, attention_reason: null });
    expect(await balanceOf(pools, everyone.ada)).toMatchObject(ada);
  });

  test('an answer is on the send that it names, and a decisive word stands', async () => {
    const send = await twoSends();
    await reply(send, { outcome: 'not_taken', code: 'refused' });
    await reply({ ...send, sendN: 1 }, { outcome: 'unknown', code: 'timeout' });
    await reply({ ...send, sendN: 2 }, { outcome: 'unknown', code: 'late' });
    const { rows } = await pools.root.query(
      'select n, outcome, code from ledger.send where transfer_id = $1 order by n',
      [send.transferId],
    );
    expect(rows).toEqual([
      { n: 1, outcome: 'unknown', code: 'timeout' },
      { n: 2, outcome: 'not_taken', code: 'refused' },
    ]);
  });

  test('a completed transfer has its entry, its hold captured, the rail reference and an end', async () => {
    const send = await submitting();
    await reply(send, { outcome: 'accepted', code: 'ACSC', railReference: 'ref-7' });
    expect(await row(send)).toMatchObject({
      entry_id: expect.any(String),
      completed_at: expect.any(Date),
      waiting_for: null,
      next_what: null,
    });
    expect((await balanceOf(pools, everyone.clearing)).posted).toBe(100n);
    const { rows } = await pools.root.query(
      'select outcome, rail_reference, code from ledger.attempt where transfer_id = $1',
      [send.transferId],
    );
    expect(rows).toEqual([{ outcome: 'accepted', rail_reference: 'ref-7', code: 'ACSC' }]);
  });

  test('a rejected transfer says why', async () => {
    const send = await submitting();
    await reply(send, { outcome: 'rejected', code: 'AC03', decisive: true });
    expect(await row(send)).toMatchObject({ refusal_code: 'rail_rejected', refusal_detail: 'AC03' });
  });

  test('eight racing answers to one send, each in its own commit, end it once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const send = await submitting();
      const said = { ...send, source: 'reply', outcome: 'accepted', railReference: 'r' } as const;
      const ends = await Promise.all(Array.from({ length: 8 }, () => conclude(pools.worker, [said], async () => {})));
      expect(ends.flat().filter(({ event }) => event === 'accepted')).toHaveLength(1);
      expect((await balanceOf(pools, everyone.clearing)).posted).toBe(100n * BigInt(round + 1));
    }
  });
});

describe('a contradiction', () => {
  const rejected = async () => {
    const send = await submitting();
    await reply(send, { outcome: 'rejected', code: 'AC03', decisive: true });
    return send;
  };

  test('the rail took what we gave back: once, an entry from suspense to clearing; the customer is untouched', async () => {
    const send = await rejected();
    expect(await inquiry(send, { outcome: 'accepted', railReference: 'r' })).toMatchObject({
      event: 'contradicted',
      state: 'rejected',
    });
    expect(await inquiry(send, { outcome: 'accepted', railReference: 'r' })).toMatchObject({
      event: null,
      state: 'rejected',
    });
    expect(await reply(send, { outcome: 'accepted', railReference: 'r' })).toMatchObject({
      event: null,
      state: 'rejected',
    });
    expect(await balanceOf(pools, everyone.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
    expect((await balanceOf(pools, everyone.suspense)).posted).toBe(-100n);
    expect((await balanceOf(pools, everyone.clearing)).posted).toBe(100n);
    expect(await row(send)).toMatchObject({
      state: 'rejected',
      attention_reason: 'contradicted',
      attention_since: expect.any(Date),
      entry_id: null,
      completed_at: null,
    });
  });

  test('the rail rejects what it had accepted: the report is kept, a person looks, no money moves', async () => {
    const send = await submitting();
    await reply(send, { outcome: 'accepted', railReference: 'r' });
    expect(await inquiry(send, { outcome: 'rejected', code: 'AC03', decisive: true })).toMatchObject({
      event: 'contradicted',
      state: 'completed',
    });
    expect(await inquiry(send, { outcome: 'rejected', code: 'AC03', decisive: true })).toMatchObject({ event: null });
    expect((await balanceOf(pools, everyone.ada)).posted).toBe(9_900n);
    expect(await row(send)).toMatchObject({ attention_reason: 'contradicted', completed_at: expect.any(Date) });
  });

  test('doubt after an end is nothing', async () => {
    const send = await rejected();
    for (const outcome of ['unknown', 'not_taken', 'put_off', 'absent'] as const) {
      expect(await inquiry(send, { outcome })).toMatchObject({ event: null, state: 'rejected' });
    }
  });
});

describe('absent', () => {
  const late = leaseMs + quietMs + 1_000;

  test('lets the same key be sent again, and resolves nothing', async () => {
    const send = await scheduled();
    expect(await row(send)).toMatchObject({ next_what: 'send_again', waiting_for: 'rail' });
    const { rows } = await pools.root.query('select outcome from ledger.send where transfer_id = $1', [
      send.transferId,
    ]);
    expect(rows).toEqual([{ outcome: 'unknown' }]);
  });

  test.each<[string, agedMs: number, said: Partial<Report>]>([
    ['asked before the quiet period after the last lease is over', leaseMs + quietMs - 2_000, {}],
    ['the rail does not deduplicate', late, { deduplicatesMs: null }],
    ['its window has no room for another send', deduplicatesMs - leaseMs + 500, {}],
  ])('is no proof when %s', async (_, agedMs, said) => {
    const send = await unknown();
    await age(send, agedMs);
    expect(await inquiry(send, { outcome: 'absent', ...said })).toMatchObject({
      event: null,
      state: 'unknown',
      nextWhat: 'inquire',
    });
  });

  test('is no proof when it was asked before the last grant', async () => {
    const send = await unknown();
    await age(send, late);
    const asked = new Date(Date.now() - late - 5_000).toISOString();
    expect(await inquiry(send, { outcome: 'absent', askedAt: asked })).toMatchObject({ event: null, state: 'unknown' });
  });

  test('that comes too early is asked again as soon as it would prove something, not when the waits say', async () => {
    const send = await unknown();
    const { rows } = await pools.root.query<{ proves: Date }>(
      "select lease_until + $2 * interval '1 millisecond' as proves from ledger.send where transfer_id = $1",
      [send.transferId, railTerms.quietMs + 100],
    );
    const told = await inquiry(send, { outcome: 'absent', askedAt: new Date().toISOString(), nextInMs: 300_000 });
    expect(told).toMatchObject({ event: null, state: 'unknown' });
    // Postgres has microseconds, which each side cuts off in its own way.
    expect(Math.abs(Date.parse(told.nextAt ?? '') - Number(rows[0]?.proves))).toBeLessThanOrEqual(2);
  });

  test('is nothing while it is submitting or waits', async () => {
    const send = await submitting();
    await age(send, late);
    expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ event: null, state: 'submitting' });
  });
});

describe('an inquiry that finds nothing', () => {
  test('plans the next, counts itself, and after the limit calls a person and goes on', async () => {
    const send = await unknown();
    const next = await inquiry(send, { outcome: 'unknown', nextInMs: 5_000 });
    expect(next).toMatchObject({ event: null, state: 'unknown', nextWhat: 'inquire' });
    expect(Date.parse(next.nextAt ?? '') - Date.now()).toBeGreaterThan(3_000);
    const { rows } = await pools.root.query('select inquiries, asked_at from ledger.attempt where transfer_id = $1', [
      send.transferId,
    ]);
    expect(rows).toEqual([{ inquiries: 1, asked_at: expect.any(Date) }]);
    expect(await row(send)).toMatchObject({ attention_reason: null });
    await pools.root.query("update ledger.transfer set state_since = state_since - interval '1 hour' where id = $1", [
      send.transferId,
    ]);
    await inquiry(send, { outcome: 'unknown' });
    expect(await row(send)).toMatchObject({
      attention_reason: 'unknown_too_long',
      attention_since: expect.any(Date),
      next_what: 'inquire',
    });
    // Its end takes the mark away.
    await inquiry(send, { outcome: 'accepted', railReference: 'r' });
    expect(await row(send)).toMatchObject({ state: 'completed', attention_reason: null, attention_since: null });
  });
});

test('a person is called by the age of the doubt, though each new send begins the state anew', async () => {
  const send = await unknown();
  const old =
    "update ledger.send set granted_at = granted_at - interval '1 hour', lease_until = lease_until - interval '1 hour' where transfer_id = $1";
  await pools.root.query(old, [send.transferId]);
  await inquiry(send, { outcome: 'unknown' });
  expect(await row(send)).toMatchObject({ state: 'unknown', attention_reason: 'unknown_too_long' });
});

describe('putting off', () => {
  const ready = async () => {
    const { id, groupId } = await reserved(ledger, toBank(everyone));
    return { transferId: id, carrier: groupId };
  };
  const putOff = (transferId: string, said: Partial<Report> = {}) =>
    ledger.conclude({ transferId, source: 'carrier', outcome: 'put_off', nextInMs: 2_000, ...said });

  test('is for the group that carries it', async () => {
    const { transferId, carrier } = await ready();
    expect(await putOff(transferId, { carrier: randomUUID() })).toMatchObject({ event: null, state: 'submitting' });
    expect(await putOff(transferId, { carrier })).toMatchObject({ event: 'put_off', state: 'scheduled' });
    expect(await row({ transferId })).toMatchObject({ next_what: 'send_again', waiting_for: 'rail', carrier: null });
  });

  test('is for the watch when it is overdue', async () => {
    const { transferId } = await ready();
    expect(await putOff(transferId, { source: 'watch' })).toMatchObject({ event: null });
    await pools.root.query("update ledger.transfer set next_at = now() - interval '1 second' where id = $1", [
      transferId,
    ]);
    expect(await putOff(transferId, { source: 'watch' })).toMatchObject({ event: 'put_off', state: 'scheduled' });
  });

  test('is not for a living lease; when it is over, silence is unknown', async () => {
    const send = await submitting();
    const ours = { carrier: send.carrier };
    expect(await putOff(send.transferId, ours)).toMatchObject({ event: null, state: 'submitting' });
    await age(send, leaseMs + 1);
    expect(await putOff(send.transferId, ours)).toMatchObject({
      event: 'no_answer',
      state: 'unknown',
      nextWhat: 'inquire',
    });
  });

  test('while the rail is closed waits for it to open', async () => {
    const { transferId, carrier } = await ready();
    await pools.root.query(
      "update ledger.rail set breaker = 'open', probe_at = now() + interval '1 minute' where name = 'instant'",
    );
    expect(await putOff(transferId, { carrier })).toMatchObject({
      state: 'scheduled',
      nextWhat: 'send_when_rail_opens',
    });
    await pools.root.query("update ledger.rail set breaker = 'closed', probe_at = null where name = 'instant'");
  });
});

describe('a sender that slept past its lease', () => {
  test('says it never sent: nothing is in doubt any more', async () => {
    const send = await submitting();
    await age(send, leaseMs + 1);
    await ledger.conclude({
      transferId: send.transferId,
      source: 'carrier',
      outcome: 'put_off',
      carrier: send.carrier,
    });
    expect(await row(send)).toMatchObject({ state: 'unknown' });
    expect(await reply(send, { outcome: 'not_sent' })).toMatchObject({ event: 'not_taken', state: 'scheduled' });
  });

  test('brings proof late: it is never refused', async () => {
    const send = await scheduled();
    expect(await reply(send, { outcome: 'accepted', railReference: 'r' })).toMatchObject({
      event: 'accepted',
      state: 'completed',
    });
  });
});

test.each([
  [
    'a transfer without an attempt',
    () => ({ transferId: randomUUID(), source: 'reply', outcome: 'accepted' }) as const,
    'has no attempt',
  ],
  [
    'an outcome that is not one',
    async () => ({ ...(await submitting()), source: 'reply', outcome: 'perhaps' }) as const,
    'no such outcome',
  ],
  [
    'a send that was never granted',
    async () => ({ ...(await submitting()), source: 'reply', outcome: 'accepted', sendN: 9 }) as const,
    'has no send',
  ],
])('%s is a bug of the caller, and harms no sibling of its batch', async (_, make, sentence) => {
  const good = await submitting();
  // A wrong word on purpose, as a program with a defect would send it.
  const bad = (await make()) as unknown as Report;
  const [first, second] = await Promise.allSettled([
    ledger.conclude(bad),
    reply(good, { outcome: 'accepted', railReference: 'r' }),
  ]);
  expect(first).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(sentence) } });
  expect(second).toMatchObject({ status: 'fulfilled', value: { state: 'completed' } });
});
