import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { RailTerms } from '../../domain/rail.ts';
import { balanceOf, ledgerOf } from '../../test/support/fixtures/accounts.ts';
import { freshAccounts, freshLedger } from '../../test/support/fixtures/ledger.ts';
import { railTerms, setTerms } from '../../test/support/fixtures/rail.ts';
import { type Answer, anInquiry, aReply, reportsOn, type Sent } from '../../test/support/fixtures/reports.ts';
import { age } from '../../test/support/fixtures/sends.ts';
import type { Attention } from '../commit-effects.ts';
import { conclude, type Report } from './conclude.ts';

// Aged sends and states set back make rows late; nothing else may be wrong.
const { pools, ledger } = freshLedger({ mayViolate: ['overdue'] });
const accounts = freshAccounts({ pools, ledger });
const { reply, inquiry, row, submitting, unknown, scheduled, twoSends } = reportsOn({ pools, ledger, accounts });
const { leaseMs, deduplicatesMs, quietMs } = railTerms;

describe('every row of the state table that a report can take', () => {
  const nothing = { posted: 0n, held: 0n };
  const hold = { ...nothing, posted: 10_000n, held: 100n };
  const freed = { ...nothing, posted: 10_000n };
  const paid = { ...nothing, posted: 9_900n };
  test.each<[from: string, make: () => Promise<Sent>, answer: Answer, cause: string | null, to: string, ada: object]>([
    ['submitting', submitting, { outcome: 'accepted' }, 'accepted', 'completed', paid],
    ['unknown', unknown, { outcome: 'accepted' }, 'accepted', 'completed', paid],
    ['scheduled', scheduled, { outcome: 'accepted' }, 'accepted', 'completed', paid],
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
  ])('%s', async (_, make, answer, cause, to, ada) => {
    const send = await make();
    const conclusion = await reply(send, answer);
    expect(conclusion).toMatchObject({ transferId: send.transferId, cause, state: to });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject(ada);
    const isOver = to === 'completed' || to === 'rejected';
    expect(await row(send)).toMatchObject({ state: to, carrier: null, next_at: isOver ? null : expect.any(Date) });
    // Idempotent: the same report again changes nothing.
    const before = await row(send);
    expect(await reply(send, answer)).toMatchObject({ cause: null, state: to });
    expect(await row(send)).toMatchObject({ version: before.version, state: to, attention_reason: null });
    expect(await balanceOf(pools, accounts.ada)).toMatchObject(ada);
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
    expect((await balanceOf(pools, accounts.clearing)).posted).toBe(100n);
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
      const answer = aReply(send, { outcome: 'accepted' });
      const ends = await Promise.all(Array.from({ length: 8 }, () => conclude(pools.worker, [answer], async () => {})));
      expect(ends.flat().filter(({ cause }) => cause === 'accepted')).toHaveLength(1);
      expect((await balanceOf(pools, accounts.clearing)).posted).toBe(100n * BigInt(round + 1));
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
    expect(await inquiry(send, { outcome: 'accepted' })).toMatchObject({
      cause: 'contradicted',
      state: 'rejected',
    });
    expect(await inquiry(send, { outcome: 'accepted' })).toMatchObject({
      cause: null,
      state: 'rejected',
    });
    expect(await reply(send, { outcome: 'accepted' })).toMatchObject({
      cause: null,
      state: 'rejected',
    });
    expect(await balanceOf(pools, accounts.ada)).toEqual({ posted: 10_000n, held: 0n, available: 10_000n });
    expect((await balanceOf(pools, accounts.suspense)).posted).toBe(-100n);
    expect((await balanceOf(pools, accounts.clearing)).posted).toBe(100n);
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
    await reply(send, { outcome: 'accepted' });
    expect(await inquiry(send, { outcome: 'rejected', code: 'AC03', decisive: true })).toMatchObject({
      cause: 'contradicted',
      state: 'completed',
    });
    expect(await inquiry(send, { outcome: 'rejected', code: 'AC03', decisive: true })).toMatchObject({ cause: null });
    expect((await balanceOf(pools, accounts.ada)).posted).toBe(9_900n);
    expect(await row(send)).toMatchObject({ attention_reason: 'contradicted', completed_at: expect.any(Date) });
  });

  test('doubt after an end is nothing', async () => {
    const send = await rejected();
    for (const outcome of ['unknown', 'not_taken', 'put_off', 'absent'] as const) {
      expect(await inquiry(send, { outcome })).toMatchObject({ cause: null, state: 'rejected' });
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

  test.each<[string, agedMs: number, terms: Partial<RailTerms>]>([
    ['asked before the quiet period after the last lease is over', leaseMs + quietMs - 2_000, {}],
    ['the rail does not deduplicate', late, { deduplicatesMs: null }],
    ['its window has no room for another send', deduplicatesMs - leaseMs + 500, {}],
  ])('is no proof when %s', async (_, agedMs, terms) => {
    const send = await unknown();
    await age(pools, send.transferId, agedMs);
    await setTerms(pools, terms);
    const conclusion = await inquiry(send, { outcome: 'absent' });
    await setTerms(pools);
    expect(conclusion).toMatchObject({
      cause: null,
      state: 'unknown',
      nextWhat: 'inquire',
    });
  });

  test('lets the first send go again at once, and waits longer with every send that is never found', async () => {
    const waitAfter = async (send: Sent): Promise<number> => {
      await age(pools, send.transferId, late);
      // The wait for another inquiry is long; that for another send is two seconds.
      await inquiry(send, { outcome: 'absent' });
      const { next_at: at, updated_at: since } = await row(send);
      return Math.round((at.getTime() - since.getTime()) / 1_000);
    };
    await setTerms(pools, { inquiryWaitsMs: [300_000], retryMs: 2_000 });
    const once = await unknown();
    const twice = await twoSends();
    await reply(twice, { outcome: 'unknown', code: 'http_500' });
    expect([await waitAfter(once), await waitAfter(twice)]).toEqual([0, 4]);
  });

  test('is no proof when it was asked before the last grant', async () => {
    const send = await unknown();
    await age(pools, send.transferId, late);
    const askedAt = new Date(Date.now() - late - 5_000).toISOString();
    expect(await inquiry(send, { outcome: 'absent', askedAt })).toMatchObject({ cause: null, state: 'unknown' });
  });

  test('that comes too early is asked again as soon as it would prove something, not when the waits say', async () => {
    const send = await unknown();
    const { rows } = await pools.root.query<{ proves: Date }>(
      "select lease_until + $2 * interval '1 millisecond' as proves from ledger.send where transfer_id = $1",
      [send.transferId, railTerms.quietMs + 100],
    );
    await setTerms(pools, { inquiryWaitsMs: [300_000] });
    const conclusion = await inquiry(send, { outcome: 'absent', askedAt: new Date().toISOString() });
    await setTerms(pools);
    expect(conclusion).toMatchObject({ cause: null, state: 'unknown' });
    // Postgres has microseconds, which each side cuts off in its own way.
    expect(Math.abs(Date.parse(conclusion.nextAt ?? '') - Number(rows[0]?.proves))).toBeLessThanOrEqual(2);
  });

  test('is nothing while it is submitting or waits', async () => {
    const send = await submitting();
    await age(pools, send.transferId, late);
    expect(await inquiry(send, { outcome: 'absent' })).toMatchObject({ cause: null, state: 'submitting' });
  });
});

describe('an inquiry that finds nothing', () => {
  test('plans the next, counts itself, and after the limit sets attention and continues', async () => {
    const send = await unknown();
    const next = await inquiry(send, { outcome: 'unknown' });
    expect(next).toMatchObject({ cause: null, state: 'unknown', nextWhat: 'inquire' });
    const planned = await row(send);
    expect(planned.next_at.getTime() - planned.updated_at.getTime()).toBeGreaterThan(3_000);
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
    await inquiry(send, { outcome: 'accepted' });
    expect(await row(send)).toMatchObject({ state: 'completed', attention_reason: null, attention_since: null });
  });
});

test('attention is set by the age of the oldest unresolved send, although each new send begins the state again, and set once', async () => {
  const send = await unknown();
  await age(pools, send.transferId, 3_600_000);
  const called: Attention[] = [];
  const listening = ledgerOf(pools, async ({ attentions }) => void called.push(...attentions));
  for (let times = 0; times < 2; times += 1)
    await listening.conclude(anInquiry({ transferId: send.transferId }, { outcome: 'unknown' }));
  expect(called).toEqual([{ transferId: send.transferId, reason: 'unknown_too_long' }]);
  expect(await row(send)).toMatchObject({ state: 'unknown', attention_reason: 'unknown_too_long' });
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
    async () => aReply({ ...(await submitting()), sendN: 9 }, { outcome: 'accepted' }),
    'has no send',
  ],
])('%s is a bug of the caller, and harms no sibling of its batch', async (_, make, sentence) => {
  const good = await submitting();
  // A wrong word on purpose, as a program with a defect would send it.
  const bad = (await make()) as unknown as Report;
  const [first, second] = await Promise.allSettled([ledger.conclude(bad), reply(good, { outcome: 'accepted' })]);
  expect(first).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(sentence) } });
  expect(second).toMatchObject({ status: 'fulfilled', value: { state: 'completed' } });
});
