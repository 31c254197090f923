import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../domain/ids.ts';
import { breaches } from '../test/support/facts.ts';
import { anAccount, aTransfer, balanceOf, toBank } from '../test/support/people.ts';
import { type Platform, shortTerms, shortWaits, startPlatform, storyOf } from '../test/support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
}, 60_000);
afterEach(async () => {
  await platform.settled();
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
}, 30_000);
afterAll(() => platform.end(), 30_000);

const bankAccount = (accountNumber: string) => ({
  destinationBank: { routingNumber: '021000021', accountNumber, name: 'Ada Lovelace' },
});

test('a book transfer is posted, and a refused one declined, before their clients are answered', async () => {
  const members = [aTransfer(platform.people), aTransfer(platform.people, { amount: '99999999' })];
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

test('the same request again, in another group, is answered with what was decided first', async () => {
  const request = aTransfer(platform.people);
  const [first] = await platform.accept('book', [request]);
  const [again] = await platform.accept('book', [{ ...request, id: aTransfer(platform.people).id }]);
  expect(again).toMatchObject({ result: 'replayed', transferId: request.id, event: first?.event });
  const [other] = await platform.accept('book', [aTransfer(platform.people, { key: request.key, amount: '101' })]);
  expect(other).toMatchObject({ result: 'key_reused', transferId: request.id });
});

test.each([
  ['accepted', '770000000', ['reserved', 'accepted']],
  ['rejected', '772000200', ['reserved', 'rejected']],
  ['taken, but told 500', '773000500', ['reserved', 'no_answer', 'accepted']],
  ['taken, but told DUPL', '772000900', ['reserved', 'no_answer', 'accepted']],
  ['taken, but told 409', '773001200', ['reserved', 'no_answer', 'accepted']],
  ['never taken, the connection was reset', '773000101', ['reserved', 'no_answer', 'absent', 'due', 'accepted']],
  ['turned away once with 503', '773000301', ['reserved', 'not_taken', 'due', 'accepted']],
  ['taken, and the answer came too late', '773000620', ['reserved', 'no_answer', 'accepted']],
])('an instant transfer that is %s', async (_, accountNumber, story) => {
  const request = toBank(platform.people, bankAccount(accountNumber));
  const [answer] = await platform.accept('instant', [request]);
  expect(answer).toMatchObject({ result: 'decided', event: { to: 'submitting' } });
  await platform.settled();
  expect(await storyOf(platform.pools, request.id)).toEqual(story);
});

test('many members travel together, and a slow one delays nobody', async () => {
  // A bank that hangs for ten seconds, and a rail that waits for it: whoever waited for the slow one would end after it.
  const waits = { ...shortWaits, submitBudgetMs: 30_000, submitMostMs: 60_000 };
  const patient = await startPlatform({ waits, terms: { ...shortTerms, requestTimeoutMs: 30_000 } });
  const accountNumbers = ['773000699', ...Array.from({ length: 40 }, () => '770000000')];
  const [slow, ...quick] = accountNumbers.map((accountNumber) =>
    toBank(patient.people, { ...bankAccount(accountNumber), amount: '1' }),
  );
  await patient.accept('instant', slow ? [slow, ...quick] : quick);
  await patient.settled();
  const { rows } = await patient.pools.root.query(
    'select id from ledger.transfer where rail = $1 order by completed_at desc limit 1',
    ['instant'],
  );
  expect(rows).toEqual([{ id: slow?.id }]);
  await patient.end();
}, 90_000);

test('an account takes its turns when a drain sends for it', async () => {
  const source = await anAccount(platform.pools, { tenantId: platform.people.tenantId, name: 'Charles' });
  const { funding } = platform.people;
  await platform.accept('book', [
    aTransfer(platform.people, { sourceAccountId: funding, destinationAccountId: source, amount: '500' }),
  ]);
  const members = ['773000301', '770000000', '770000000'].map((accountNumber) =>
    toBank(platform.people, { ...bankAccount(accountNumber), sourceAccountId: source }),
  );
  for (const member of members) await platform.accept('instant', [member]);
  await platform.settled();
  expect(await balanceOf(platform.pools, source)).toEqual({ posted: 200n, held: 0n, available: 200n });
});

test('the group shows itself to an operator: a readable id, summaries, no personal data', async () => {
  await platform.accept('instant', [toBank(platform.people, bankAccount('770000000'))]);
  await platform.settled();
  const found = [];
  for await (const run of platform.client.workflow.list({ query: 'WorkflowType = "transferGroup"' })) found.push(run);
  expect(found.every(({ workflowId }) => /^group\/(book|instant)\/gr_[0-9a-z]{26}$/.test(workflowId))).toBe(true);
  expect(toPublic('tenant', platform.people.tenantId)).toMatch(/^tn_/);
});
