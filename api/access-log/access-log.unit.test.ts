import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { createFaults } from '../../telemetry/faults.ts';
import { listenForAlarms } from '../../test/support/harness/alarms.ts';
import { until } from '../../test/support/harness/in-time.ts';
import { createMetrics } from '../metrics.ts';
import { createAccessLog } from './access-log.ts';

const access = { tenantId: uuidV7(), actor: 'api_key:x', subjectType: 'account', subjectId: uuidV7() } as const;
const refused = { reason: 'made_up_key', tenantId: null, last4: 'abcd', address: '192.0.2.7' } as const;

/** An access log over a ledger that takes rows as long as it is there. */
function logOf(bounds: { writeEveryMs: number; lateMs: number; endMs: number }) {
  const { alarms, raised } = listenForAlarms();
  const metrics = createMetrics();
  const state = { isAway: false };
  const written: { id: string; count: number; sourceHash?: string | null }[] = [];
  const take = async (rows: readonly { id: string; count: number; sourceHash?: string | null }[]) => {
    if (state.isAway) throw new Error('away');
    written.push(...rows);
    return rows.length;
  };
  const log = createAccessLog({
    ledger: { noteAccesses: take, noteRefusedSignIns: take, readSourceKey: async () => Buffer.from('a key') },
    ...{ alarms, metrics, bounds, faults: createFaults(metrics.registry), clockMs: () => 0 },
  });
  const gauge = async () => (await metrics.accessLogLate.get()).values.map(({ value }) => value);
  return { log, raised, state, written, gauge };
}
const never = { writeEveryMs: 3_600_000, lateMs: 0, endMs: 0 };

test('what is counted is written by itself', async () => {
  const { log, written, raised } = logOf({ ...never, writeEveryMs: 10 });
  log.noteAccess(access);
  log.noteRefusedSignIn(refused);
  await until(() => written.length === 2);
  await log.end();
  expect([written.length, raised]).toEqual([2, []]);
});

test('a network becomes a keyed hash, equal for equal ones, and what has none has none', async () => {
  const { log, written } = logOf(never);
  log.noteRefusedSignIn(refused);
  log.noteRefusedSignIn({ ...refused, reason: 'no_key', address: '192.0.2.200' });
  log.noteRefusedSignIn({ ...refused, last4: 'efgh', address: '192.0.3.7' });
  log.noteRefusedSignIn({ ...refused, address: null });
  await log.end();
  const [one, other, third, none] = written.map(({ sourceHash }) => sourceHash);
  expect([one === third || one === other, none]).toEqual([true, null]);
  expect(new Set(written.map(({ sourceHash }) => sourceHash)).size).toBe(3);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
});

test('while the database takes nothing an alarm says so, and then everything is written once', async () => {
  const { log, raised, state, written, gauge } = logOf(never);
  state.isAway = true;
  for (let n = 0; n < 3; n += 1) {
    log.noteAccess(access);
    log.noteRefusedSignIn(refused);
    await log.writeAll();
  }
  expect(raised.map(({ alarm }) => alarm)).toEqual(['access_log_late', 'access_log_late']);
  expect(Math.min(...(await gauge()))).toBeGreaterThan(0);
  state.isAway = false;
  await log.end();
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
  expect([raised.length, await gauge()]).toEqual([2, [0, 0]]);
});

test('what fails for a moment is no alarm', async () => {
  const { log, raised, state } = logOf({ ...never, lateMs: 60_000 });
  state.isAway = true;
  log.noteAccess(access);
  await log.writeAll();
  state.isAway = false;
  await log.end();
  expect(raised).toEqual([]);
});

test('what cannot be written at the end is lost with an alarm of its own', async () => {
  const { log, raised, state } = logOf({ ...never, lateMs: 60_000 });
  state.isAway = true;
  log.noteAccess(access);
  await log.end();
  expect(raised).toMatchObject([{ alarm: 'access_log_lost', what: 'accesses', reason: 'the_process_ended', rows: 1 }]);
});
