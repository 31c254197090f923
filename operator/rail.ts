import { Command } from 'commander';
import { ExplainedError } from '../config/explain-error.ts';
import { createReader } from '../drizzle/client.ts';
import { pauseRail } from '../ledger/rails/pause.ts';
import { listRails, type RailRow } from '../ledger/read/rails.ts';
import { actor, asOwner } from './owner.ts';

/** `operator rail …` */
export function railCommand(): Command {
  const command = new Command('rail').description('rails: the networks that carry money');
  command
    .command('list')
    .description('print each rail: up, down (its breaker is open) or paused (by whom and why)')
    .action(async () => {
      const rails = await asOwner((pool) => listRails(createReader(pool)));
      process.stdout.write(rails.map((rail) => `${rail.name.padEnd(nameColumns)} ${statusOf(rail)}\n`).join(''));
    });
  command
    .command('pause <rail> <why>')
    .description('send nothing on a rail, not even a probe, until it is resumed')
    .action((rail: string, why: string) => setPause(rail, why));
  command
    .command('resume <rail>')
    .description('send on a paused rail again')
    .action((rail: string) => setPause(rail, null));
  return command;
}

const nameColumns = 12;

function statusOf({ pausedBy, breaker, probeAt }: RailRow): string {
  if (pausedBy !== null) return `paused (${pausedBy})`;
  return breaker === 'closed' ? 'up' : `down, tried again at ${probeAt?.toISOString() ?? 'the next probe'}`;
}

async function setPause(name: string, why: string | null): Promise<void> {
  await asOwner(async (pool) => {
    const rails = await listRails(createReader(pool));
    const rail = rails.find((known) => known.name === name);
    if (!rail)
      throw new ExplainedError(`There is no rail "${name}": the rails are ${rails.map((one) => one.name).join(', ')}.`);
    await pauseRail(pool, { rail: rail.name, actor, why });
  });
  process.stdout.write(`${name} is ${why === null ? 'resumed' : 'paused'}\n`);
}
