import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toPublic } from '../../domain/ids.ts';
import { age, sent } from '../../test/support/fixtures/sends.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { type Platform, startInProcess } from '../../test/support/harness/in-process.ts';

/** A platform without a worker of its rail. */
let platform: Platform;
const { alarms, raised } = listenForAlarms();
beforeAll(async () => {
  platform = await startInProcess({
    roles: ['groups', 'upkeep', 'delivery'],
    tamper: (deps) => ({ ...deps, alarms }),
  });
}, 60_000);
afterAll(() => platform.end(), 30_000);

test('a transfer that is unknown for too long gets attention and an alarm although no worker can ask the rail', async () => {
  const { pools, ledger, accounts } = platform;
  const { transferId } = await sent(ledger, accounts);
  await age(pools, transferId, 60_000);
  await pools.root.query("update ledger.transfer set next_at = now() - interval '1 minute' where id = $1", [
    transferId,
  ]);
  await platform.until("attention_reason = 'unknown_too_long'", [transferId]);
  while (!raised.some(({ alarm }) => alarm === 'attention_waits')) await sleep(50);
  expect(raised).toContainEqual(
    expect.objectContaining({
      ...{ alarm: 'attention_waits', reason: 'unknown_too_long', count: 1 },
      oldest: toPublic('transfer', transferId),
    }),
  );
}, 60_000);
