import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import type { ActivityDeps } from '../../activities/index.ts';
import { toAccount } from '../../test/histories/scenarios.ts';
import { aTransfer } from '../../test/support/fixtures/accounts.ts';
import { age } from '../../test/support/fixtures/sends.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess, storyOf } from '../../test/support/harness/in-process.ts';
import { breaches } from '../../test/support/harness/invariants.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startInProcess({ tamper: withTrouble });
});
afterAll(() => platform.end());

/** The obstacles: a transfer that the ledger cannot process, a dispatcher that takes nothing. */
const trouble = { poison: '', isDispatcherStuck: false };
const { alarms, raised } = listenForAlarms();

function withTrouble(deps: ActivityDeps): ActivityDeps {
  const { ledger } = deps;
  return {
    ...deps,
    alarms,
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

/** Overdue rows without a workflow, as if Temporal had been wiped. */
async function forgotten(): Promise<{ neverSent: string; sent: string }> {
  const { ledger, pools } = platform;
  const [neverSent, sent] = [toAccount(platform, 'accepted'), toAccount(platform, 'accepted')];
  const carrier = uuidV7();
  await ledger.reserve(uuidV7(), neverSent);
  await ledger.reserve(carrier, sent);
  await ledger.claim({ id: sent.id, sender: uuidV7(), carrier, probe: false });
  await age(pools, sent.id, 60_000);
  await pools.root.query(`update ledger.transfer set next_at = now() - interval '1 minute' where state = 'submitting'`);
  return { neverSent: neverSent.id, sent: sent.id };
}

test('the sweep repairs rows without a workflow: those never sent are put off, those sent are inquired about', async () => {
  const { neverSent, sent } = await forgotten();
  await platform.settled([neverSent, sent]);
  expect(await storyOf(platform.pools, neverSent)).toEqual(['reserved', 'put_off', 'due', 'accepted']);
  // The send never left, so the rail does not know it: the same key is sent.
  expect(await storyOf(platform.pools, sent)).toEqual(['reserved', 'no_answer', 'absent', 'due', 'accepted']);
  expect(await breaches(platform.pools.root, await platform.bank.truth())).toEqual([]);
});

test('a row that cannot be repaired raises its own alarm, and does not stop the repair of others', async () => {
  const poisoned = await forgotten();
  trouble.poison = poisoned.neverSent;
  const { neverSent, sent } = await forgotten();
  await platform.settled([neverSent, sent, poisoned.sent]);
  expect(await storyOf(platform.pools, poisoned.neverSent)).toEqual(['reserved']);
  expect(raised.filter(({ msg }) => msg.startsWith('ALARM: '))).toContainEqual(
    expect.objectContaining({ transferId: poisoned.neverSent }),
  );
  trouble.poison = '';
  await platform.settled([poisoned.neverSent]);
});

test('a dispatcher that does not take overdue rows raises an alarm for its rail', async () => {
  trouble.isDispatcherStuck = true;
  // On the book rail, whose breaker no slow machine can open: rows behind an open breaker are not late.
  const request = aTransfer(platform.accounts, { executeAt: new Date(Date.now() + 3_600_000).toISOString() });
  await platform.accept('book', [request]);
  await platform.pools.root.query('update ledger.transfer set next_at = now() where id = $1', [request.id]);
  while (!raised.some(({ rail, late }) => rail === 'book' && late === 1)) await sleep(100);
  trouble.isDispatcherStuck = false;
  await platform.settled([request.id]);
});

test('the sweep starts a missing dispatcher', async () => {
  const dispatcher = platform.client.workflow.getHandle('dispatch/instant');
  const { runId } = await dispatcher.describe();
  await dispatcher.terminate('the test takes it away');
  // The step of the old one may still take rows for a moment, so the test waits for the new one, not for its effect.
  while ((await dispatcher.describe()).runId === runId) await sleep(100);
  const request = toAccount(platform, 'turnedAway');
  await platform.accept('instant', [request]);
  await platform.settled([request.id]);
  expect((await dispatcher.describe()).status.name).toBe('RUNNING');
});
