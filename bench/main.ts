import '../config/environment.ts';

import { parseArgs } from 'node:util';
import { readState } from '../local/state-file.ts';
import { cpuSecondsByPart } from './cpu.ts';
import { readGroups, sizesBetween } from './groups.ts';
import { drive, type Figures } from './load.ts';
import { createLoadFixture } from './load-fixture.ts';

const usage = `Drives POST /v1/transfers of a running platform (npm start) in a closed loop, and prints what it took.

  npm run bench -- [--connections 1,64,256] [--seconds 10] [--rail book|instant] [--accounts 400] [--metrics URL]

Rate: transfers answered 201 in a second. p50, p99: milliseconds from request to answer. Group: members of the workflows
that carried them. CPU: milliseconds of all processes of the platform for one transfer (own Postgres and Temporal too), and below it of each part.
`;

const defaults = {
  connections: '1,64,256',
  seconds: '10',
  rail: 'book',
  accounts: '400',
  metrics: 'http://127.0.0.1:9464/metrics',
};
const warmUpMs = 3_000;
const pauseMs = 1_000;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: defaults.connections },
    seconds: { type: 'string', default: defaults.seconds },
    rail: { type: 'string', default: defaults.rail },
    accounts: { type: 'string', default: defaults.accounts },
    metrics: { type: 'string', default: defaults.metrics },
    folder: { type: 'string', default: '.local' },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = values.help ? say(usage) : await bench();

async function bench(): Promise<number> {
  const ready = readState(values.folder);
  if (!ready) return say('Nothing runs here: start the platform with `npm start`, then run this again.\n', 2);
  if (values.rail !== 'book' && values.rail !== 'instant') return say(usage, 2);
  const rail = values.rail;
  // The platform may have been given other ports than these defaults, which only its owner knows.
  if ((await readGroups(values.metrics, rail).catch(() => null)) === null)
    return say(
      `No metrics at ${values.metrics}: say where they are with --metrics (API_METRICS_PORT of npm start).\n`,
      2,
    );
  const fixture = await createLoadFixture({ api: ready.api, key: ready.key, accounts: Number(values.accounts), rail });

  say(`POST /v1/transfers, ${rail}, ${values.accounts} accounts, ${values.seconds} s each, fresh keys\n`);
  say(row('connections', 'transfers/s', 'p50 ms', 'p99 ms', 'group mean', 'group largest', 'CPU ms', 'not 201'));
  for (const connections of values.connections.split(',').map(Number)) {
    const load = { api: ready.api, key: ready.key, connections, body: fixture.body };
    await drive({ ...load, ms: warmUpMs });
    const before = { groups: await readGroups(values.metrics, rail), cpu: cpuSecondsByPart(ready.pid) };
    const figures = await drive({ ...load, ms: Number(values.seconds) * 1_000 });
    const groups = sizesBetween(before.groups, await readGroups(values.metrics, rail));
    const parts = msByPart(before.cpu, cpuSecondsByPart(ready.pid), figures.moved);
    say(
      toRow(
        connections,
        figures,
        groups,
        parts.reduce((sum, { ms }) => sum + ms, 0),
      ),
    );
    say(`${' '.repeat(14)}of it ${parts.map(({ part, ms }) => `${part} ${ms.toFixed(2)}`).join(', ')}\n`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await fixture.close();
  return 0;
}

/** CPU of each part for one transfer, in milliseconds, the largest first; parts below a hundredth are left out. */
function msByPart(
  before: Record<string, number>,
  after: Record<string, number>,
  moved: number,
): { part: string; ms: number }[] {
  return Object.entries(after)
    .map(([part, seconds]) => ({ part, ms: ((seconds - (before[part] ?? 0)) * 1_000) / Math.max(moved, 1) }))
    .filter(({ ms }) => ms >= 0.005)
    .toSorted((one, other) => other.ms - one.ms);
}

function toRow(
  connections: number,
  figures: Figures,
  groups: { mean: number; largest: string },
  cpuMs: number,
): string {
  const others = Object.entries(figures.others).map(([what, n]) => `${n} × ${what}`);
  return row(
    String(connections),
    figures.perSecond.toFixed(0),
    figures.p50.toFixed(1),
    figures.p99.toFixed(1),
    groups.mean.toFixed(1),
    groups.largest,
    cpuMs.toFixed(1),
    others.join(', ') || '0',
  );
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell, i) => cell.padStart(i === 0 ? 11 : 13)).join(' | ')} |\n`;
}

function say(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}
