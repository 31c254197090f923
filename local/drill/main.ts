import '../../config/environment.ts';

import { parseArgs } from 'node:util';
import { createClients } from './clients.ts';
import { createFacts } from './facts.ts';
import { olderTemporal } from './older-temporal.ts';
import { startDrillPlatform } from './platform.ts';
import { pointInTime } from './point-in-time.ts';
import { createSteps, type Step } from './steps.ts';

const usage = `npm run drill:restore -- [--transfers 100]

Loses the disk of a ledger and restores it, on servers of its own: no running copy is touched. First to a moment, while the bank
and Temporal know what came after; then with a Temporal that is older than the ledger. Prints how long each step took, and
what was counted. Exit code 1 when anything was lost without being found, doubled, or left open. docs/runbooks/restore.md.
`;

const { values } = parseArgs({
  options: { transfers: { type: 'string', default: '100' }, help: { type: 'boolean', default: false } },
});
process.exitCode = values.help ? print(usage) : await drill(Number(values.transfers));

async function drill(count: number): Promise<number> {
  if (!Number.isInteger(count) || count < 12 || count > 5_000) return print(usage, 2);
  const steps = createSteps(printStep);
  const platform = await steps.time('servers and programs started', startDrillPlatform);
  try {
    const clients = await createClients({ api: platform.apiUrl, owner: platform.addresses.owner });
    const all = { platform, clients, facts: createFacts(platform), steps, count };
    const first = await pointInTime(all);
    const second = await olderTemporal(all);
    print(`${JSON.stringify({ pointInTime: first, olderTemporal: second }, null, 2)}\n`);
    const bad = [first.keptSent - first.keptFound, first.lostFound, first.bankForgotten - first.orphans];
    bad.push(first.doubled, first.notOnce, first.takenWhilePaused, second.doubled, second.notOnce);
    return bad.every((n) => n === 0) ? 0 : 1;
  } finally {
    await platform.end();
  }
}

function printStep({ name, seconds, what }: Step): void {
  print(`| ${name.padEnd(44)} | ${seconds.toFixed(1).padStart(7)} s | ${what}\n`);
}

function print(text: string, code = 0): number {
  process.stdout.write(text);
  return code;
}
