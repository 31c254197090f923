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
});
afterAll(() => platform.end());

test('a bank that is down for five minutes is an alarm, and one that is down for a moment is none', async () => {
  const { pools, ledger } = platform;
  const down = (bank: string) =>
    ledger.observeRail({
      rail: 'instant',
      sources: [
        { tenant: 'ours', bank, good: 0, bad: 2, cost: 10 },
        // The others answer, so the rail is up.
        { tenant: 'ours', bank: '121000248', good: 900, bad: 0, cost: 0 },
      ],
    });
  await down('021000089');
  const sweeps = async () =>
    (
      await pools.root.query<{ at: string }>(
        "select finished_at::text as at from ledger.upkeep_run where name = 'sweep'",
      )
    ).rows[0]?.at;
  const before = await sweeps();
  while ((await sweeps()) === before) await sleep(50);
  expect(raised.filter(({ alarm }) => alarm === 'banks_down')).toEqual([]);
  await pools.root.query("update ledger.bank_breaker set changed_at = changed_at - interval '6 minutes'");
  await down('026009593');
  while (!raised.some(({ alarm }) => alarm === 'banks_down')) await sleep(50);
  expect(raised).toContainEqual(expect.objectContaining({ alarm: 'banks_down', rail: 'instant', oldest: '021000089' }));
});

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
});
