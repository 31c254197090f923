import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { readLiveness } from '../ledger/upkeep/liveness.ts';
import { noteRun } from '../ledger/upkeep/note-run.ts';
import { noteWorkers } from '../ledger/upkeep/note-workers.ts';
import { type MonitorDeps, startMonitor } from '../telemetry/monitor/monitor.ts';
import { freshLedger } from '../test/support/fixtures/ledger.ts';
import { listenForAlarms } from '../test/support/harness/alarms.ts';
import { alwaysAtWork } from '../workflows/contract/upkeep.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';

/** A monitor over a real database whose rows say who was at work. It looks often; what counts as late is what production has. */
const { pools } = freshLedger();
const expected = alwaysAtWork(['instant'], defaultWaits);
const runs = ['sweep', 'statements', 'archive', 'dispatch/book', 'dispatch/instant'] as const;

async function allAtWork(): Promise<void> {
  await noteWorkers(pools.worker, expected.queues);
  for (const name of runs) await noteRun(pools.worker, { name, gapMs: 60_000 });
}
const age = (table: string, column: string, name: string, seconds: number) =>
  pools.root.query(`update ledger.${table} set ${column} = now() - make_interval(secs => $2) where name = $1`, [
    name,
    seconds,
  ]);

function watch(deps: Partial<MonitorDeps> = {}) {
  const { alarms, raised } = listenForAlarms();
  const registry = new Registry();
  const monitor = startMonitor({
    read: () => readLiveness(pools.api),
    askTemporal: async () => {},
    expected,
    alarms,
    registry,
    terms: { lookEveryMs: 20, awayMs: 50 },
    ...deps,
  });
  const seen = () => [...new Set(raised.map(({ alarm }) => alarm))];
  return { monitor, registry, seen };
}

test('who was long gone when this process began to look is shown at once, and is no alarm yet', async () => {
  await allAtWork();
  await age('worker_queue', 'seen_at', 'rail-instant', 3_600);
  await age('upkeep_run', 'finished_at', 'sweep', 3_600);
  const { monitor, seen } = watch();
  expect(await monitor.state()).toEqual({
    workers: { groups: 'ok', upkeep: 'ok', delivery: 'ok', statements: 'ok', archive: 'ok', 'rail-instant': 'away' },
    sweep: 'late',
    statements: 'ok',
    archive: 'ok',
    clock: 'ok',
    versions: 'ok',
  });
  await sleep(200);
  monitor.end();
  expect(seen()).toEqual([]);
});

test('a state without an age is an alarm at the second look: clocks that differ, a database that takes no writes', async () => {
  await allAtWork();
  const read = async () => ({ ...(await readLiveness(pools.api)), isReadOnly: true });
  const late = async () => ({ ...(await read()), nowMs: Date.now() - 120_000 });
  const { monitor, registry, seen } = watch({ read: late });
  while (seen().length < 2) await sleep(10);
  expect((await monitor.state()).clock).toBe('differs');
  monitor.end();
  expect(seen().toSorted()).toEqual(['clocks_differ', 'database_read_only']);
  const text = await registry.metrics();
  expect(text).toMatch(/^quittance_clock_difference_seconds -1[12]\d/m);
  expect(text).toMatch(/^quittance_database_read_only 1$/m);
  expect(text).toMatch(/^quittance_worker_seen_age_seconds\{queue="groups"\} /m);
  expect(text).toMatch(/^quittance_run_age_seconds\{work="sweep"\} /m);
});

test('servers that do not answer for a while are an alarm each, and nobody else is blamed for it', async () => {
  const away = () => Promise.reject(new Error('away'));
  const { monitor, seen } = watch({ read: away, askTemporal: away });
  while (seen().length < 2) await sleep(10);
  expect(await monitor.state()).toMatchObject({ workers: { groups: 'unknown' }, sweep: 'unknown', clock: 'unknown' });
  monitor.end();
  expect(seen().toSorted()).toEqual(['database_away', 'temporal_away']);
});
