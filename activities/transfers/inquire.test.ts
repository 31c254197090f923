import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toAccount, withFaults } from '../../test/histories/scenarios.ts';
import { type Platform, shortTerms, startInProcess } from '../../test/support/harness/in-process.ts';
import { inquiryWorkflowId } from '../../workflows/contract/ids.ts';

/** One permit for inquiries, and a bank that does not answer during the test: the first wait is long, because until it is over the bank must be silent. */
const terms = { ...shortTerms, concurrency: 1, requestTimeoutMs: 1_000, inquiryWaitsMs: [6_000, 20, 3_000, 3_000] };
const doubts = 12;
const lookMs = 12_500;

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess({ terms, tamper: withFaults });
});
afterAll(() => platform.end());

test('inquiries without a permit wait for one, and then wait long: not a step a second each', async () => {
  const requests = Array.from({ length: doubts }, () => toAccount(platform, 'accepted', { name: 'Lost Answer' }));
  await platform.accept('instant', requests);
  const ids = requests.map(({ id }) => id);
  await platform.until(`state = 'unknown'`, ids);
  await platform.bank.control('down', { mode: 'up', latency_ms: 60_000 });
  await sleep(lookMs);
  // Each has its first inquiry, waits for its permit, and then for its time. One step a second each would be eight.
  expect(await inquiries(ids)).toBeLessThanOrEqual(4 * doubts);
  // Without a permit a row is still not overdue, and still gets attention by its age.
  await platform.until(`next_at > now() - interval '5 seconds' and attention_reason = 'unknown_too_long'`, ids);
  await platform.bank.control('down', { mode: 'up', latency_ms: 0 });
  await platform.settled(ids);
});

/** How many inquiries the workflows of these transfers have begun. */
async function inquiries(ids: string[]): Promise<number> {
  const counts = await Promise.all(
    ids.map(async (id) => {
      const { events } = await platform.client.workflow.getHandle(inquiryWorkflowId(id)).fetchHistory();
      return (events ?? []).filter(({ activityTaskScheduledEventAttributes: step }) => step).length;
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}
