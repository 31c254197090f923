import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { ActivityDeps } from '../../activities/index.ts';
import { railOf } from '../../domain/rail.ts';
import { toBank } from '../../test/support/fixtures/accounts.ts';
import { type Platform, shortTerms, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { groupWorkflowId, inquiryWorkflowId } from '../contract/ids.ts';
import { scheduleIds } from '../contract/names.ts';

/** An operator cancels a workflow while one of its steps runs. */
let platform: Platform;
const sent = Promise.withResolvers<void>();
const answer = Promise.withResolvers<void>();

/** The bank takes the transfer, and its answer is lost; that is known only when the test lets it be. */
function withLostAnswer(deps: ActivityDeps): ActivityDeps {
  const instant = railOf(deps.rails, 'instant');
  const submit: typeof instant.submit = async (attempt, limit) => {
    await instant.submit(attempt, limit);
    sent.resolve();
    await answer.promise;
    return { outcome: 'unknown', code: 'lost_by_the_test' };
  };
  return { ...deps, rails: { instant: { ...instant, submit } } };
}

beforeAll(async () => {
  platform = await startInProcess({ tamper: withLostAnswer, terms: { ...shortTerms, requestTimeoutMs: 30_000 } });
  // The sweep would start the inquiry too, later.
  await platform.client.schedule.getHandle(scheduleIds.sweep).pause();
});
afterAll(async () => {
  answer.resolve();
  await platform.end();
});

test('a group that is cancelled while it sends waits for the outcome, and its unknown member gets an inquiry', async () => {
  const request = toBank(platform.accounts);
  await platform.accept('instant', [request]);
  await sent.promise;
  const group = platform.client.workflow.getHandle(await groupOf(request.id));
  await group.cancel();
  await hasEvent(group, 'activityTaskCancelRequestedEventAttributes');
  answer.resolve();
  await expect(group.result()).rejects.toThrow('cancelled');
  await platform.client.workflow.getHandle(inquiryWorkflowId(request.id)).result();
  expect(await storyOf(platform.pools, request.id)).toEqual(['reserved', 'no_answer', 'accepted']);
});

async function groupOf(transferId: string): Promise<string> {
  const sql = 'select created_by_group as id from ledger.transfer where id = $1';
  const { rows } = await platform.pools.root.query<{ id: string }>(sql, [transferId]);
  return groupWorkflowId('instant', rows[0]?.id ?? '');
}

async function hasEvent(workflow: WorkflowHandle, attributes: 'activityTaskCancelRequestedEventAttributes') {
  for (;;) {
    const { events } = await workflow.fetchHistory();
    if ((events ?? []).some((event) => event[attributes])) return;
    await sleep(50);
  }
}
