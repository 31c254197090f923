import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { ActivityDeps } from '../../activities/index.ts';
import { toAccount } from '../../test/histories/scenarios.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { breaches } from '../../test/support/harness/invariants.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess({ tamper: withTrouble });
}, 60_000);
afterAll(() => platform.end(), 30_000);

/** What stands in the way now: a transfer that the ledger cannot digest, a dispatcher that takes nothing. */
const trouble = { poison: '', isDispatcherStuck: false };
const { log, alarms } = listenForAlarms();

function withTrouble(deps: ActivityDeps): ActivityDeps {
  const { ledger } = deps;
  return {
    ...deps,
    log,
    ledger: {
      ...ledger,
      conclude: async (report) => {
        if (report.transferId !== trouble.poison) return await ledger.conclude(report);
        throw Object.assign(new Error('a check of the database'), { code: 'P0001' });
      },
      takeDue: async (request) => {
        if (trouble.isDispatcherStuck) throw new Error('this dispatcher is stuck');
        return await ledger.takeDue(request);
      },
    },
  };
}

/** Rows that no workflow knows of, as if Temporal had been wiped, and whose time is long over. */
async function forgotten(): Promise<{ neverSent: string; sent: string }> {
  const { ledger, pools } = platform;
  const [neverSent, sent] = [toAccount(platform, 'accepted'), toAccount(platform, 'accepted')];
  const carrier = uuidV7();
  await ledger.reserve(uuidV7(), neverSent);
  await ledger.reserve(carrier, sent);
  const lease = { sender: uuidV7(), carrier, leaseMs: 1, deduplicatesMs: 86_400_000, probe: false };
  await ledger.claim({ id: sent.id, ...lease });
  await pools.root.query(`update ledger.transfer set next_at = now() - interval '1 minute' where state = 'submitting'`);
  return { neverSent: neverSent.id, sent: sent.id };
}

test('the sweep repairs what no workflow knows of: never sent is put off, sent is inquired about', async () => {
  const { neverSent, sent } = await forgotten();
  await platform.settled([neverSent, sent]);
  expect(await storyOf(platform.pools, neverSent)).toEqual(['reserved', 'put_off', 'due', 'accepted']);
  // The send never left, so the rail knows nothing of it: the same key is sent.
  expect(await storyOf(platform.pools, sent)).toEqual(['reserved', 'no_answer', 'absent', 'due', 'accepted']);
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
}, 60_000);

test('a row that cannot be repaired alarms by itself, and keeps nobody else from being repaired', async () => {
  const poisoned = await forgotten();
  trouble.poison = poisoned.neverSent;
  const { neverSent, sent } = await forgotten();
  await platform.settled([neverSent, sent, poisoned.sent]);
  expect(await storyOf(platform.pools, poisoned.neverSent)).toEqual(['reserved']);
  expect(alarms.filter(({ msg }) => msg.startsWith('ALARM: '))).toContainEqual(
    expect.objectContaining({ transferId: poisoned.neverSent }),
  );
  trouble.poison = '';
  await platform.settled([poisoned.neverSent]);
}, 60_000);

test('a dispatcher that takes nothing of what is long due raises an alarm for its rail', async () => {
  trouble.isDispatcherStuck = true;
  // In the book, whose breaker no slow machine can open: rows behind an open one are not late.
  const request = aTransfer(platform.accounts, { executeAt: new Date(Date.now() + 3_600_000).toISOString() });
  await platform.accept('book', [request]);
  await platform.pools.root.query('update ledger.transfer set next_at = now() where id = $1', [request.id]);
  while (!alarms.some(({ rail, late }) => rail === 'book' && late === 1)) await sleep(100);
  trouble.isDispatcherStuck = false;
  await platform.settled([request.id]);
}, 60_000);

test('the sweep starts a dispatcher that is gone', async () => {
  const dispatcher = platform.client.workflow.getHandle('dispatch/instant');
  const { runId } = await dispatcher.describe();
  await dispatcher.terminate('the test takes it away');
  // The step that the old one had begun may still take rows for a moment, so the new one is waited for, not seen by its work.
  while ((await dispatcher.describe()).runId === runId) await sleep(100);
  const request = toAccount(platform, 'turnedAway');
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect((await dispatcher.describe()).status.name).toBe('RUNNING');
}, 60_000);
