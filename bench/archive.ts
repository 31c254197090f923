import '../config/environment.ts';

import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import type pg from 'pg';
import { createPool } from '../drizzle/client.ts';
import { type RunningCopy, readState } from '../local/state-file.ts';
import { scheduleIds } from '../workflows/contract/names.ts';
import { cpuSeconds } from './cpu.ts';
import { drive } from './load.ts';
import { createLoadFixture } from './load-fixture.ts';

const usage = `What the archive costs beside the transfers that it records, on a running platform (npm start): transfers on the book are driven
while the archive's schedule is paused, then it archives them, and then the archive is verified as a whole, without the database.

  npm run bench:archive -- [--seconds 20] [--connections 256]

CPU is that of all processes of the platform, less what it uses when nothing happens.
`;
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '256' },
    accounts: { type: 'string', default: '400' },
    folder: { type: 'string', default: '.local' },
    help: { type: 'boolean', default: false },
  },
});

const idleMs = 10_000;
const settleMs = 3_000;
const lookEveryMs = 100;
const withinMs = 10 * 60_000;

process.exitCode = values.help ? say(usage) : await bench();

async function bench(): Promise<number> {
  const copy = readState(values.folder);
  if (copy === null) return say('Nothing runs here: start the platform with `npm start`.\n', 2);
  const connection = await Connection.connect({ address: copy.temporal });
  const schedule = new Client({ connection }).schedule.getHandle(scheduleIds.archive);
  const pool = createPool({ url: copy.owner, max: 1, name: 'bench', pipeline: true });
  await schedule.pause('a benchmark runs');
  try {
    const archiveAll = () => schedule.trigger();
    const { api, key } = copy;
    const fixture = await createLoadFixture({ api, key, accounts: Number(values.accounts), rail: 'book' });
    await caughtUp(pool, archiveAll);
    const idle = await cpuOf(copy, () => sleep(idleMs));
    const idleShare = idle.cpu / idle.seconds;
    let moved = 0;
    const transfers = await cpuOf(copy, async () => {
      const ms = Number(values.seconds) * 1_000;
      ({ moved } = await drive({ api, key, connections: Number(values.connections), ms, body: fixture.body }));
      await sleep(settleMs);
    });
    await fixture.close();
    const before = await recordsOf(pool);
    const archived = await cpuOf(copy, () => caughtUp(pool, archiveAll));
    const records = (await recordsOf(pool)) - before;
    const [moving, archiving] = [transfers, archived].map(({ cpu, seconds }) => cpu - idleShare * seconds);
    say(
      `${moved} transfers, ${perOne(moving, moved)} of CPU each; ${records} records, ${perOne(archiving, records)} each\n`,
    );
    say(`archived in ${archived.seconds.toFixed(1)} s, by ${share(archiving, moving)} of the CPU of the transfers\n`);
    return verify(await recordsOf(pool));
  } finally {
    await schedule.unpause();
    await pool.end();
    await connection.close();
  }
}

/** Archives until whatever is committed by now is in a segment. */
async function caughtUp(pool: pg.Pool, archiveAll: () => Promise<void>): Promise<void> {
  const { rows } = await pool.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  const deadline = performance.now() + withinMs;
  await archiveAll();
  for (;;) {
    await sleep(lookEveryMs);
    const { rows: found } = await pool.query(
      `select from ledger.archive_segment where status = 'finished' and to_xid > $1::xid8 limit 1`,
      [rows[0]?.xid],
    );
    if (found.length > 0) return;
    if (performance.now() > deadline) throw new Error('the archive did not catch up within ten minutes');
  }
}

async function recordsOf(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ records: number }>(
    'select coalesce(sum(records), 0)::int as records from ledger.archive_segment',
  );
  return rows[0]?.records ?? 0;
}

/** What verifying takes a process of its own, from its start to its end. */
function verify(records: number): number {
  const operator = (...args: string[]) =>
    spawnSync(process.execPath, ['local/operator.ts', ...args], { encoding: 'utf8' });
  const key = operator('archive', 'keys').stdout.trim().split('\n')[0] ?? '';
  const from = performance.now();
  const verified = operator('verify', '--archive', 'store', '--key', key);
  const seconds = (performance.now() - from) / 1_000;
  say(`verified ${records} records in ${seconds.toFixed(1)} s: ${verified.stdout.trim().split('\n').at(-1) ?? ''}\n`);
  return verified.status === 0 ? 0 : say(verified.stderr, 1);
}

async function cpuOf({ pid }: RunningCopy, work: () => Promise<unknown>): Promise<{ cpu: number; seconds: number }> {
  const [cpu, from] = [cpuSeconds(pid), performance.now()];
  await work();
  return { cpu: cpuSeconds(pid) - cpu, seconds: (performance.now() - from) / 1_000 };
}

function perOne(seconds = 0, count = 1): string {
  return `${((seconds * 1_000_000) / Math.max(count, 1)).toFixed(0)} µs`;
}

function share(part = 0, whole = 1): string {
  return `${((part * 100) / whole).toFixed(1)} %`;
}

function say(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}
