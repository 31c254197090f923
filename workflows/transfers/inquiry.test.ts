import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { toAccount, withFaults } from '../../test/histories/scenarios.ts';
import { readEvents } from '../../test/support/harness/history.ts';
import { type Platform, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { inquiryWorkflowId } from '../contract/ids.ts';
import { searchAttributes } from '../contract/names.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess({ tamper: withFaults });
});
afterAll(() => platform.end());

test('a rail that never answers leads to attention, not to an end: funds are held until there is proof', async () => {
  await platform.bank.control('down', { mode: 'hard_down', latency_ms: 0 });
  const request = toAccount(platform, 'accepted', { name: 'Lost Answer' });
  await platform.accept('instant', [request]);
  const transfer = platform.client.workflow.getHandle(inquiryWorkflowId(request.id));
  await platform.until(`state = 'unknown' and attention_reason is not null`, [request.id]);

  const shown = (await transfer.describe()).typedSearchAttributes;
  expect(shown.get(searchAttributes.transferStatus)).toBe('unknown');
  expect(shown.get(searchAttributes.rail)).toBe('instant');
  expect(shown.get(searchAttributes.tenantId)).toBe(toPublic('tenant', platform.accounts.tenantId));
  expect(await currentDetails()).toMatch(
    /asked the rail, which answered: unknown \(.+\); the funds stay held; next inquiry in/,
  );

  await platform.bank.control('down', { mode: 'up', latency_ms: 0 });
  // The rail never took it, and deduplicates by key: it is sent again when it is due.
  expect(await transfer.result()).toEqual({ state: 'scheduled' });
  const ended = (await transfer.describe()).typedSearchAttributes;
  expect(ended.get(searchAttributes.transferStatus)).toBe('scheduled');
  await platform.settled([request.id]);
  expect(await storyOf(platform.pools, request.id)).toEqual([
    ...['reserved', 'no_answer', 'absent'],
    ...['due', 'no_answer', 'accepted'],
  ]);

  async function currentDetails(): Promise<string> {
    const metadata = await transfer.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return metadata.currentDetails;
  }
});

test('its timeline shows an operator what it waits for', async () => {
  const request = toAccount(platform, 'told500');
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  const transfer = platform.client.workflow.getHandle(inquiryWorkflowId(request.id));
  await transfer.result();
  const events = await readEvents(platform.client, transfer);
  const summaries = events.map(({ userMetadata }) => userMetadata?.summary?.data).filter(Boolean);
  const texts = summaries.map((data) => JSON.parse(Buffer.from(data ?? '').toString()));
  expect(texts).toContainEqual('inquiry 1');
  expect(texts).toContainEqual('asks the instant rail for the outcome');
});
