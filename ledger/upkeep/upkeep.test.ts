import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { createAccounts, toBank } from '../../test/support/fixtures/accounts.ts';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';
import { readLiveness } from './liveness.ts';
import { noteRun } from './note-run.ts';
import { noteWorkers } from './note-workers.ts';

const { pools, ledger } = freshLedger();
const sweep = { name: 'sweep', gapMs: 60_000 } as const;
const move = (table: string, columns: string, interval: string) =>
  pools.root.query(
    `update ledger.${table} set ${columns
      .split(' ')
      .map((column) => `${column} = ${column} + $1::interval`)
      .join(', ')}`,
    [interval],
  );
const both = 'finished_at steady_since';

test('a run is steady since its first finish without a gap; a gap, and a time that lies ahead, begin again', async () => {
  expect(await noteRun(pools.worker, sweep)).toBe(0);
  await move('upkeep_run', both, '-30 seconds');
  expect(await noteRun(pools.worker, sweep)).toBeGreaterThanOrEqual(30_000);
  await move('upkeep_run', both, '-61 seconds');
  expect(await noteRun(pools.worker, sweep)).toBe(0);
  await move('upkeep_run', both, '30 days');
  expect(await noteRun(pools.worker, sweep)).toBe(0);
});

test('ages are read by the clock of the database, for API and workers; what lies ahead was never seen', async () => {
  await noteWorkers(pools.worker, ['groups', 'rail-instant', 'groups']);
  await move('worker_queue', 'seen_at', '-20 seconds');
  await noteWorkers(pools.worker, ['groups']);
  for (const pool of [pools.api, pools.worker]) {
    const { queueAgesMs, runAgesMs, ...rest } = await readLiveness(pool);
    expect(queueAgesMs['groups']).toBeLessThan(20_000);
    expect(queueAgesMs['rail-instant']).toBeGreaterThanOrEqual(20_000);
    expect(Object.keys(runAgesMs)).toEqual(['sweep']);
    expect(rest).toMatchObject({ isReadOnly: false, monthsAhead: 3 });
  }
  await move('worker_queue', 'seen_at', '30 days');
  expect((await readLiveness(pools.api)).queueAgesMs).toEqual({ groups: null, 'rail-instant': null });
  await noteWorkers(pools.worker, ['groups']);
  expect((await readLiveness(pools.api)).queueAgesMs['groups']).toBeLessThan(20_000);
});

test('a row that was written a moment ago is left, so that many processes cost no writes', async () => {
  await noteWorkers(pools.worker, ['delivery']);
  expect(await noteWorkers(pools.worker, ['delivery'])).toBe(0);
});

test('a version that was not seen for a day is forgotten, but not a queue, nor a version that is back', async () => {
  await noteWorkers(pools.worker, ['groups', 'groups@old', 'groups@back', 'groups@new']);
  await move('worker_queue', 'seen_at', '-25 hours');
  await noteWorkers(pools.worker, ['groups@back']);
  const queues = Object.keys((await readLiveness(pools.api)).queueAgesMs);
  expect(queues.filter((name) => name.includes('@'))).toEqual(['groups@back']);
  expect(queues).toContain('groups');
});

test('an open breaker whose probe time passed is late only while something waits, and nobody paused the rail', async () => {
  const late = async () => (await readLiveness(pools.api)).rails.find(({ name }) => name === 'instant')?.probeLateMs;
  await pools.root.query(
    "update ledger.rail set breaker = 'open', probe_at = now() - interval '2 minutes' where name = 'instant'",
  );
  expect(await late()).toBe(0);
  const accounts = await createAccounts(pools, ledger);
  await ledger.reserve(uuidV7(), toBank(accounts));
  expect(await late()).toBeGreaterThanOrEqual(120_000);
  await pools.root.query("update ledger.rail set paused_by = 'olga: holiday' where name = 'instant'");
  expect(await late()).toBe(0);
});

test('a read-only database says so, and lacking partitions are counted', async () => {
  const client = await pools.api.connect();
  await client.query('begin read only; set local idle_in_transaction_session_timeout = 0');
  const { rows } = await client.query<{ answer: { is_read_only: boolean } }>('select ledger.liveness() as answer');
  await client.query('rollback');
  client.release();
  expect(rows[0]?.answer.is_read_only).toBe(true);
  await pools.root.query(
    `do $$ begin execute format('alter table ledger.event detach partition ledger.%I',
      'event_' || to_char(date_trunc('month', now() at time zone 'UTC') + interval '2 months', 'YYYY_MM')); end $$`,
  );
  expect((await readLiveness(pools.worker)).monthsAhead).toBe(1);
  await pools.root.query(
    `do $$ begin execute format('drop table ledger.%I',
      'event_' || to_char(date_trunc('month', now() at time zone 'UTC') + interval '2 months', 'YYYY_MM')); end $$`,
  );
  expect(await ledger.makePartitions(3)).toBe(3);
});

test('partitions are made for every partitioned table that the catalog has, and counted for each', async () => {
  await pools.root.query(
    `create table ledger.receipt (at timestamptz not null) partition by range (at);
    alter table ledger.receipt owner to quittance_owner`,
  );
  try {
    expect((await readLiveness(pools.worker)).monthsAhead).toBe(-1);
    expect(await ledger.makePartitions(3)).toBe(3);
    expect((await readLiveness(pools.worker)).monthsAhead).toBe(3);
  } finally {
    await pools.root.query('drop table ledger.receipt');
  }
});
