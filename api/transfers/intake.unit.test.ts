import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TransferRequest } from '../../domain/transfer.ts';
import type { ReserveAnswer } from '../../workflows/contract/messages.ts';
import { createMetrics } from '../metrics.ts';
import { createIntake, type IntakeAnswer, type IntakeLimits } from './intake.ts';

let made = 0;
function aRequest(fields: Partial<TransferRequest> = {}): TransferRequest {
  made += 1;
  return {
    id: `id-${made}`,
    tenantId: 'ada',
    key: `key-${made}`,
    fingerprint: 'f',
    amount: '1',
    currency: 'USD',
    rail: 'book',
    sourceAccountId: 'a',
    destinationAccountId: 'b',
    destinationBank: null,
    reference: null,
    description: null,
    executeAt: null,
    metadata: {},
    traceparent: null,
    ...fields,
  };
}

const decided = ({ id, tenantId }: TransferRequest): ReserveAnswer => ({
  id,
  tenantId,
  result: 'decided',
  transferId: id,
  fingerprint: 'f',
  event: { cause: 'reserved', to: 'submitting', at: '2026-01-01T00:00:00.000Z', evidence: { source: 'request' } },
  balances: [],
});

let isOver = false;
const unfinished: (() => void)[] = [];
// A group without an answer would keep its timer, and the process, alive.
afterEach(() => {
  isOver = true;
  for (const finish of unfinished.splice(0)) finish();
});
beforeEach(() => {
  isOver = false;
});

/** Until what was set going has come as far as it can without anybody's answer: a few turns of the event loop. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}

/** A platform whose groups stay unanswered until the test says so, with a clock that the test sets. */
function aPlatform(limits: Partial<IntakeLimits> = {}) {
  const groups: { members: TransferRequest[]; answer: () => void; fail: () => void }[] = [];
  const clock = { nowMs: 0 };
  const intake = createIntake({
    metrics: createMetrics(),
    limits,
    nowMs: () => clock.nowMs,
    startGroup: (_, members) =>
      new Promise((resolve, reject) => {
        groups.push({ members, answer: () => resolve(members.map(decided)), fail: () => reject(new Error('away')) });
        unfinished.push(() => resolve([]));
        if (isOver) resolve([]);
      }),
  });
  return { intake, groups, clock };
}

const kinds = async (answers: Promise<IntakeAnswer>[]) => (await Promise.all(answers)).map((answer) => answer.kind);

test('a single request leaves immediately, as a group of one', async () => {
  const { intake, groups } = aPlatform();
  const answer = intake.submit(aRequest());
  await settled();
  expect(groups.map((group) => group.members.length)).toEqual([1]);
  groups[0]?.answer();
  expect(await answer).toMatchObject({ kind: 'answered', answer: { result: 'decided' } });
});

test('what arrives while both lanes are busy leaves together', async () => {
  const { intake, groups } = aPlatform();
  const answers: Promise<IntakeAnswer>[] = [];
  for (let n = 0; n < 2; n += 1) {
    answers.push(intake.submit(aRequest()));
    await settled();
  }
  for (let n = 0; n < 37; n += 1) answers.push(intake.submit(aRequest()));
  await settled();
  expect(groups.map((group) => group.members.length)).toEqual([1, 1]);
  groups[0]?.answer();
  await settled();
  expect(groups.map((group) => group.members.length)).toEqual([1, 1, 37]);
  for (const group of groups) group.answer();
  expect(new Set(await kinds(answers))).toEqual(new Set(['answered']));
});

test('rails do not wait for each other', async () => {
  const { intake, groups } = aPlatform({ lanes: 1 });
  void intake.submit(aRequest());
  void intake.submit(aRequest({ rail: 'instant' }));
  await settled();
  expect(groups).toHaveLength(2);
});

test('a tenant with many waiting requests does not delay one with few', async () => {
  const { intake, groups } = aPlatform({ lanes: 1, group: { members: 10, bytes: 1_000_000 } });
  void intake.submit(aRequest());
  await settled();
  for (let n = 0; n < 100; n += 1) void intake.submit(aRequest());
  for (let n = 0; n < 3; n += 1) void intake.submit(aRequest({ tenantId: 'grace' }));
  groups[0]?.answer();
  await settled();
  expect(groups[1]?.members.filter((member) => member.tenantId === 'grace')).toHaveLength(3);
  expect(groups[1]?.members).toHaveLength(10);
});

test('two requests with one key never share a group, and the second is answered too', async () => {
  const { intake, groups } = aPlatform({ lanes: 1 });
  const answers = [aRequest({ key: 'k' }), aRequest({ key: 'k' }), aRequest({ key: 'k', tenantId: 'grace' })].map(
    intake.submit,
  );
  await settled();
  expect(groups.map((group) => group.members.map((member) => member.tenantId))).toEqual([['ada', 'grace']]);
  groups[0]?.answer();
  await settled();
  expect(groups[1]?.members.map((member) => member.tenantId)).toEqual(['ada']);
  groups[1]?.answer();
  expect(await kinds(answers)).toEqual(['answered', 'answered', 'answered']);
});

test('a group is bounded in bytes', async () => {
  const { intake, groups } = aPlatform({ lanes: 1, group: { members: 500, bytes: 5_000 } });
  for (let n = 0; n < 5; n += 1) void intake.submit(aRequest({ description: 'x'.repeat(1_500) }));
  await settled();
  expect(groups[0]?.members).toHaveLength(2);
});

test('a full queue, and a tenant over its share, answer not_attempted', async () => {
  const { intake } = aPlatform({ lanes: 0, queue: { members: 8, bytes: 1_000_000, tenantShare: 0.5 } });
  for (let n = 0; n < 4; n += 1) void intake.submit(aRequest());
  expect(await intake.submit(aRequest())).toEqual({ kind: 'not_attempted' });
  for (let n = 0; n < 4; n += 1) void intake.submit(aRequest({ tenantId: 'grace' }));
  await settled();
  expect(await intake.submit(aRequest({ tenantId: 'linus' }))).toEqual({ kind: 'not_attempted' });
});

test('a queue is bounded in bytes', async () => {
  const { intake } = aPlatform({ lanes: 0, queue: { members: 100, bytes: 10_000, tenantShare: 1 } });
  for (let n = 0; n < 3; n += 1) void intake.submit(aRequest({ description: 'x'.repeat(2_500) }));
  expect(await intake.submit(aRequest({ description: 'x'.repeat(2_500) }))).toEqual({ kind: 'not_attempted' });
});

test('a request that waited too long for a lane was not attempted', async () => {
  const { intake, groups, clock } = aPlatform({ lanes: 1, waitMs: 20 });
  const first = intake.submit(aRequest());
  await settled();
  const second = intake.submit(aRequest());
  clock.nowMs += 21;
  groups[0]?.answer();
  expect(await kinds([first, second])).toEqual(['answered', 'not_attempted']);
  expect(groups).toHaveLength(1);
});

test('no answer in time is outcome_unknown for the group, and for no other request', async () => {
  const silent = aRequest();
  const intake = createIntake({
    metrics: createMetrics(),
    limits: { lanes: 1, answerMs: 20 },
    startGroup: (_, members) =>
      new Promise((resolve) => {
        if (members.includes(silent)) unfinished.push(() => resolve([]));
        else resolve(members.map(decided));
      }),
  });
  const first = intake.submit(silent);
  await settled();
  const second = intake.submit(aRequest());
  expect(await first).toEqual({ kind: 'outcome_unknown' });
  expect(await second).toMatchObject({ kind: 'answered' });
});

test('an answer that names another member is not an answer', async () => {
  const intake = createIntake({ metrics: createMetrics(), startGroup: async () => [decided(aRequest())] });
  expect(await intake.submit(aRequest())).toEqual({ kind: 'outcome_unknown' });
});

test('two unanswered groups close the lanes except for one probe at a time, and an answer opens them', async () => {
  const { intake, groups } = aPlatform({ lanes: 1 });
  const first = intake.submit(aRequest());
  await settled();
  const second = intake.submit(aRequest());
  const waiting = intake.submit(aRequest({ key: 'twin' }));
  groups[0]?.fail();
  await settled();
  const behind = intake.submit(aRequest());
  groups[1]?.fail();
  expect(await kinds([first, second, waiting, behind])).toEqual([
    'outcome_unknown',
    'outcome_unknown',
    'outcome_unknown',
    'not_attempted',
  ]);

  const probe = intake.submit(aRequest());
  expect(await intake.submit(aRequest())).toEqual({ kind: 'not_attempted' });
  await settled();
  expect(await intake.submit(aRequest())).toEqual({ kind: 'not_attempted' });
  expect(groups[2]?.members).toHaveLength(1);
  groups[2]?.answer();
  expect(await probe).toMatchObject({ kind: 'answered' });

  const after = [intake.submit(aRequest()), intake.submit(aRequest())];
  await settled();
  groups[3]?.answer();
  expect(await kinds(after)).toEqual(['answered', 'answered']);
});

test('idle waits for what is in flight', async () => {
  const { intake, groups } = aPlatform();
  await intake.idle();
  void intake.submit(aRequest());
  await settled();
  let isIdle = false;
  const idle = intake.idle().then(() => {
    isIdle = true;
  });
  await settled();
  expect(isIdle).toBe(false);
  groups[0]?.answer();
  await idle;
});
