import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { ActivityDeps } from '../../activities/index.ts';
import { railOf } from '../../domain/rail.ts';
import { anAccount, aTransfer, balanceOf, toBank } from '../../test/support/fixtures/accounts.ts';
import { eventOf } from '../../test/support/fixtures/sends.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { readEvents } from '../../test/support/harness/history.ts';
import {
  type Platform,
  type PlatformOptions,
  shortTerms,
  shortWaits,
  startInProcess,
  storyOf,
} from '../../test/support/harness/in-process.ts';
import { inTime, until } from '../../test/support/harness/in-time.ts';
import { breaches } from '../../test/support/harness/invariants.ts';
import { activityTable } from '../activity-table.ts';
import { groupWorkflowId } from '../contract/ids.ts';

let platform: Platform;
const platforms: Platform[] = [];
/** Ended after the last test, also when a test fails. */
async function aPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const started = await startInProcess(options);
  platforms.push(started);
  return started;
}
beforeAll(async () => {
  platform = await aPlatform();
});
afterEach(async () => {
  await platform.settled();
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
});
afterAll(async () => void (await Promise.all(platforms.map(({ end }) => end()))));

const bankAccount = (accountNumber: string) => ({
  destinationBank: { scheme: 'us_account' as const, routingNumber: '021000021', accountNumber, name: 'Ada Lovelace' },
});

test('a book transfer is posted, and a refused one declined, before their clients are answered', async () => {
  const members = [aTransfer(platform.accounts), aTransfer(platform.accounts, { amount: '99999999' })];
  const answers = await platform.accept('book', members);
  expect(answers).toMatchObject([
    { id: members[0]?.id, result: 'decided', event: { to: 'completed' } },
    {
      id: members[1]?.id,
      result: 'decided',
      event: { to: 'declined', evidence: { refusal: { code: 'insufficient_funds' } } },
    },
  ]);
});

test('the same request again, in another group, gets the first decision', async () => {
  const request = aTransfer(platform.accounts);
  const [first] = await platform.accept('book', [request]);
  const [again] = await platform.accept('book', [{ ...request, id: aTransfer(platform.accounts).id }]);
  expect(again).toMatchObject({ result: 'replayed', transferId: request.id, event: first && eventOf(first) });
  const [other] = await platform.accept('book', [aTransfer(platform.accounts, { key: request.key, amount: '101' })]);
  expect(other).toMatchObject({ result: 'key_reused', conflict: { id: request.id } });
});

test.each([
  ['accepted', '770000000', ['reserved', 'accepted']],
  ['rejected', '772000200', ['reserved', 'rejected']],
  ['taken, but answered 500', '773000500', ['reserved', 'no_answer', 'accepted']],
  ['taken, but answered DUPL', '772000900', ['reserved', 'no_answer', 'accepted']],
  ['taken, but answered 409', '773001200', ['reserved', 'no_answer', 'accepted']],
  ['never taken, the connection was reset', '773000101', ['reserved', 'no_answer', 'absent', 'due', 'accepted']],
  ['refused once with 503', '773000301', ['reserved', 'not_taken', 'due', 'accepted']],
  ['taken, and the answer came too late', '773000699', ['reserved', 'no_answer', 'accepted']],
])('an instant transfer that is %s', async (_, accountNumber, story) => {
  const request = toBank(platform.accounts, bankAccount(accountNumber));
  const [answer] = await platform.accept('instant', [request]);
  expect(answer).toMatchObject({ result: 'decided', event: { to: 'submitting' } });
  await platform.settled();
  expect(await storyOf(platform.pools, request.id)).toEqual(story);
});

test(
  'many members travel together, and a slow one delays no other',
  async () => {
    // A bank that hangs for ten seconds, and a rail that waits for it: a member that waited for the slow one would end after it.
    const waits = { ...shortWaits, submitBudgetMs: 30_000, submitMaxMs: 60_000 };
    const patient = await aPlatform({ waits, terms: { ...shortTerms, requestTimeoutMs: 30_000 } });
    const accountNumbers = ['773000699', ...Array.from({ length: 40 }, () => '770000000')];
    const [slow, ...quick] = accountNumbers.map((accountNumber) =>
      toBank(patient.accounts, { ...bankAccount(accountNumber), amount: '1' }),
    );
    await patient.accept('instant', slow ? [slow, ...quick] : quick);
    await patient.settled();
    const { rows } = await patient.pools.root.query(
      'select id from ledger.transfer where rail = $1 order by completed_at desc limit 1',
      ['instant'],
    );
    expect(rows).toEqual([{ id: slow?.id }]);
  },
  inTime(90_000),
);

test('transfers of one account that waited behind a refused one all arrive', async () => {
  const source = await anAccount(platform.pools, { tenantId: platform.accounts.tenantId, name: 'Charles' });
  const { funding } = platform.accounts;
  await platform.accept('book', [
    aTransfer(platform.accounts, { sourceAccountId: funding, destinationAccountId: source, amount: '500' }),
  ]);
  const members = ['773000301', '770000000', '770000000'].map((accountNumber) =>
    toBank(platform.accounts, { ...bankAccount(accountNumber), sourceAccountId: source }),
  );
  for (const member of members) await platform.accept('instant', [member]);
  await platform.settled();
  expect(await balanceOf(platform.pools, source)).toEqual({ posted: 200n, held: 0n, available: 200n });
});

test('an operator sees a readable id and summaries of the group, and no personal data', async () => {
  const request = toBank(platform.accounts, bankAccount('773000500'));
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  const { id } = await carrierOf(platform, request.id);
  expect(id).toMatch(/^group\/instant\/gr_[0-9a-z]{26}$/);
  // The index of workflows is written a moment after the workflows themselves.
  let shown: string[] = [];
  while (!shown.includes(id)) {
    const runs = await Array.fromAsync(platform.client.workflow.list({ query: 'WorkflowType = "transferGroup"' }));
    shown = runs.map(({ workflowId }) => workflowId);
  }
  const [start, ...steps] = (await readEvents(platform.client, { workflowId: id })).map(textOf);
  expect(start).toContain('1 transfer, instant');
  for (const { summary, on } of Object.values(activityTable).filter(({ summary: text }) =>
    /send to|unknown/.test(text),
  ))
    expect([on, steps.some((step) => step.includes(summary))]).toEqual([on, true]);
  const personal = [request.destinationBank?.name, request.destinationBank?.accountNumber];
  for (const secret of personal) {
    expect(start).toContain(secret);
    expect(steps.filter((step) => step.includes(secret ?? ''))).toEqual([]);
  }
});

test('a member that the ledger never decides does not end the group for the others', async () => {
  const waits = {
    ...shortWaits,
    localReserveMs: inTime(400),
    localReserveMaxMs: inTime(800),
    ledgerStepMs: inTime(1_200),
    reserveGiveUpMs: inTime(1_600),
  };
  const stubborn = await aPlatform({ waits, tamper: neverDecides });
  const [undecided, slow] = [toBank(stubborn.accounts, { reference: 'never' }), toBank(stubborn.accounts)];
  await stubborn.accept('instant', [undecided, slow]);
  const { id } = await carrierOf(stubborn, slow.id);
  const group = stubborn.client.workflow.getHandle(id);
  await expect(group.result()).rejects.toThrow();
  const { events } = await group.fetchHistory();
  const completed = (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: end }) => {
    const begin = (events ?? []).find(({ eventId }) => end && String(eventId) === String(end.scheduledEventId));
    return begin?.activityTaskScheduledEventAttributes?.activityType?.name ?? [];
  });
  expect(completed).toContain('submit');
  await stubborn.settled();
});

/** Reserves nothing for marked requests, and loses the answers of calls that took longer than the first timeout of reserving. */
function neverDecides(deps: ActivityDeps): ActivityDeps {
  const { ledger, rails } = deps;
  const instant = railOf(rails, 'instant');
  return {
    ...deps,
    ledger: {
      ...ledger,
      reserve: async (groupId, request) => {
        if (request.reference === 'never') throw new Error('it is not decided');
        return await ledger.reserve(groupId, request);
      },
    },
    rails: {
      instant: {
        ...instant,
        submit: async (attempt, limit) => {
          await instant.submit(attempt, limit);
          await sleep(inTime(3_000));
          return { outcome: 'unknown', code: 'lost_by_the_test' };
        },
      },
    },
  };
}

test('a rail without workers puts its transfers off at a slow pace, and leaves no group behind', async () => {
  const waits = { ...shortWaits, submitQueueMs: 400 };
  const { alarms, raised } = listenForAlarms();
  const tamper = (deps: ActivityDeps) => ({ ...deps, alarms });
  const lonely = await aPlatform({ waits, roles: ['groups', 'upkeep', 'delivery'], tamper });
  const request = toBank(lonely.accounts);
  const startedAt = performance.now();
  await lonely.accept('instant', [request]);
  let story: string[] = [];
  while (story.length < 5) {
    await sleep(100);
    story = await storyOf(lonely.pools, request.id);
  }
  expect(story.slice(0, 3)).toEqual(['reserved', 'put_off', 'due']);
  // One round takes twice the wait for a worker, so only this many rounds fit into the time.
  const rounds = Math.ceil((performance.now() - startedAt) / (2 * waits.submitQueueMs)) + 1;
  expect(story.length).toBeLessThanOrEqual(1 + 2 * rounds);
  const { rows } = await lonely.pools.root.query<{ code: string }>(
    "select distinct evidence ->> 'code' as code from ledger.event where subject_id = $1 and cause = 'put_off'",
    [request.id],
  );
  expect(rows).toEqual([{ code: 'no_worker' }]);
  expect(raised).toContainEqual(expect.objectContaining({ alarm: 'no_worker_for_rail', rail: 'instant', members: 1 }));
  const query = "ExecutionStatus = 'Running' and WorkflowType in ('transferGroup', 'dueGroup')";
  // A run that has ended stands as open in the index for a moment.
  await until(async () => (await lonely.client.workflow.count(query)).count <= 1);
});

/** The group that made a transfer. */
async function carrierOf({ pools }: Platform, transferId: string): Promise<{ id: string }> {
  const sql = 'select created_by_group as id from ledger.transfer where id = $1';
  const { rows } = await pools.root.query<{ id: string }>(sql, [transferId]);
  return { id: groupWorkflowId('instant', rows[0]?.id ?? '') };
}

/** An event of a history as text, payloads included. */
const textOf = (event: object): string =>
  JSON.stringify(event).replaceAll(/"data":"([^"]+)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
