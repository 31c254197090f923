import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { toAccount } from '../test/histories/endings.ts';
import { breaches } from '../test/support/facts.ts';
import { type Platform, startPlatform, storyOf } from '../test/support/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
}, 60_000);
afterAll(() => platform.end(), 30_000);

/** Rows that no workflow knows of, as if Temporal had been wiped, and whose time is long over. */
async function forgotten(): Promise<{ neverSent: string; sent: string }> {
  const { ledger, pools } = platform;
  const [neverSent, sent] = [toAccount(platform, 'accepted'), toAccount(platform, 'accepted')];
  const carrier = uuidV7();
  await ledger.reserve(uuidV7(), neverSent);
  await ledger.reserve(carrier, sent);
  const lease = { sender: uuidV7(), carrier, leaseMs: 1, deduplicatesMs: 86_400_000, probe: false };
  await ledger.claim({ ids: [sent.id], ...lease });
  await pools.root.query(`update ledger.transfer set next_at = now() - interval '1 minute' where state = 'submitting'`);
  return { neverSent: neverSent.id, sent: sent.id };
}

test('the watch sets going what no workflow knows of: never sent is put off, sent is asked for', async () => {
  const { neverSent, sent } = await forgotten();
  await platform.settled([neverSent, sent]);
  expect(await storyOf(platform.pools, neverSent)).toEqual(['reserved', 'put_off', 'due', 'accepted']);
  // The send never left, so the rail knows nothing of it: the same key is sent.
  expect(await storyOf(platform.pools, sent)).toEqual(['reserved', 'no_answer', 'absent', 'due', 'accepted']);
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
}, 60_000);

test('the watch starts a drain that is gone', async () => {
  const drain = platform.client.workflow.getHandle('drain/instant');
  const { runId } = await drain.describe();
  await drain.terminate('the test takes it away');
  // The step that the old one had begun may still take rows for a moment, so the new one is waited for, not seen by its work.
  while ((await drain.describe()).runId === runId) await pause(100);
  const request = toAccount(platform, 'turnedAway');
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect((await drain.describe()).status.name).toBe('RUNNING');
}, 60_000);
