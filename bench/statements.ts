import '../config/environment.ts';

import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { fromPublic, type Uuid } from '../domain/ids.ts';
import { createPool, createReader, type Reader } from '../drizzle/client.ts';
import { listStatementRuns } from '../ledger/read/statement-runs.ts';
import { type RunningCopy, readState } from '../local/state-file.ts';
import { statementRunId } from '../workflows/contract/ids.ts';
import { cpuSecondsByPart, peakMemory } from './cpu.ts';
import { timeLinks } from './links.ts';
import { createPoster } from './post.ts';

const usage = `Makes statements on a running platform (npm start), and prints what it took: accounts are opened and get postings, the
month of the sample tenant is ended, and the clock runs from there until the run is closed. Then links to them are asked for. Each
run ends a month: a copy for trying only.

  npm run bench:statements -- [--accounts 1000] [--postings 10]
`;
const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '1000' },
    postings: { type: 'string', default: '10' },
    folder: { type: 'string', default: '.local' },
    help: { type: 'boolean', default: false },
  },
});

/** Legs of one entry at most. */
const legsMax = 100;
const sideBySide = 16;
/** What is paid comes back from the one before, so a little overdraft is enough. */
const account = { currency: 'USD', overdraft_limit: '100000' };
/** A leg is a posting of two accounts. */
const postingsPerLeg = 2;
const lookEveryMs = 250;
const withinMs = 60 * 60_000;

process.exitCode = values.help ? say(usage) : await bench(Number(values.accounts), Number(values.postings));

async function bench(accounts: number, postings: number): Promise<number> {
  const copy = readState(values.folder);
  const tenantId = fromPublic('tenant', copy?.tenant ?? '');
  if (copy === null || tenantId === null) return say('Nothing runs here: start the platform with `npm start`.\n', 2);
  await fill({ api: copy.api, key: copy.key, accounts, postings });
  const pool = createPool({ url: copy.owner, max: 1, name: 'bench', pipeline: true });
  try {
    const [cpu, begun] = [cpuSecondsByPart(copy.pid), performance.now()];
    const command = ['local/operator.ts', 'statements', 'run', copy.tenant, '--early'];
    const { status } = spawnSync(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) return say('The month could not be ended.\n', 1);
    const run = await closed(createReader(pool), tenantId);
    const seconds = (performance.now() - begun) / 1_000;
    const used = Object.entries(cpuSecondsByPart(copy.pid))
      .map(([part, s]): [string, number] => [part, s - (cpu[part] ?? 0)])
      .toSorted(([, a], [, b]) => b - a);
    const each = (s: number) => ((s * 1_000) / Math.max(run.statements, 1)).toFixed(1);
    const rate = (run.statements / seconds).toFixed(0);
    const all = each(used.reduce((sum, [, s]) => sum + s, 0));
    say(`${run.statements} statements in ${seconds.toFixed(1)} s: ${rate} a second, ${all} ms of CPU each\n`);
    say(`of it ${used.map(([name, s]) => `${name} ${each(s)}`).join(', ')}\n`);
    say(
      `cut in ${(run.cutMs / 1_000).toFixed(1)} s; ${await eventsOf(copy, tenantId, run.month)} events of its workflow\n`,
    );
    say(`the worker had ${peakMemory(copy.pid, 'worker/main.ts').toFixed(0)} MiB at most\n`);
    const links = await timeLinks(copy, run.month);
    say(`${links.count} links: p50 ${links.p50.toFixed(1)} ms, p99 ${links.p99.toFixed(1)} ms\n`);
    return 0;
  } finally {
    await pool.end();
  }
}

/**
 * Opens the accounts, and posts to each of them so often, through the API like everybody. Each leg goes from one account to the next, so
 * that no account has more postings than the others: one that pays all of them would have a statement as large as theirs together.
 */
async function fill(of: { api: string; key: string; accounts: number; postings: number }): Promise<void> {
  const { post, close } = createPoster({ ...of, connections: sideBySide });
  const slices = Array.from({ length: Math.ceil(of.accounts / legsMax) }, (_, i) =>
    Math.min(legsMax, of.accounts - i * legsMax),
  );
  for (const size of slices) {
    const open = (_: unknown, i: number) => post('/v1/accounts', { ...account, name: `Bench ${i}` });
    const ids = await Promise.all(Array.from({ length: size }, open));
    const legs = ids.map((id, i) => ({
      ...{ debit_account_id: id, credit_account_id: ids[(i + 1) % size] },
      ...{ amount: '1250', currency: 'USD' },
    }));
    for (let n = 0; n < of.postings / postingsPerLeg; n += 1)
      await post('/v1/entries', { legs, description: `Bench ${n}` });
  }
  await close();
}

type Closed = { month: string; statements: number; cutMs: number };

/** Waits until the tenant's newest run is closed. `cutMs`: how long it was cutting. */
async function closed(reader: Reader, tenantId: Uuid): Promise<Closed> {
  const deadline = performance.now() + withinMs;
  const seen = new Map<string, number>();
  for (;;) {
    const [run] = (await listStatementRuns(reader, tenantId, { limit: 1, after: null })).rows;
    if (run && !seen.has(run.status)) seen.set(run.status, performance.now());
    if (run?.status === 'closed') {
      const made = seen.get('making') ?? performance.now();
      return { month: run.month, statements: run.accounts, cutMs: made - (seen.get('cutting') ?? made) };
    }
    if (performance.now() > deadline) throw new Error('the run was not closed within an hour');
    await sleep(lookEveryMs);
  }
}

/** How long the history of the month's workflow is: of its last run, where it had several. */
async function eventsOf(copy: RunningCopy, tenantId: Uuid, month: string): Promise<number> {
  const connection = await Connection.connect({ address: copy.temporal });
  const client = new Client({ connection });
  const { historyLength } = await client.workflow.getHandle(statementRunId(tenantId, month)).describe();
  await connection.close();
  return historyLength;
}

function say(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}
