import type { Client } from '@temporalio/client';
import { Command } from 'commander';
import type { Env } from '../config/env.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { noteVersionAct, type VersionAct } from '../ledger/upkeep/note-version-act.ts';
import { drainMs } from '../workflows/contract/versioning.ts';
import { defaultWaits } from '../workflows/contract/waits.ts';
import { actor, asOwner } from './owner.ts';
import { withTemporal } from './temporal.ts';
import { openPinned, pollersByBuild, versionsOf } from './versions/read.ts';
import { removeVersion } from './versions/remove.ts';
import { makeCurrent, ramp, rollBack } from './versions/route.ts';

const withoutReplay = ['--without-replay <reason>', 'although the replay gate did not pass: why'] as const;

/** `operator workers …` */
export function workersCommand(): Command {
  const command = new Command('workers').description(
    'versions of the workers: which one gets work (docs/runbooks/release-workers.md)',
  );
  command
    .command('list')
    .description(
      'print each version: its state and since when, its workers, its open groups, the queues that it serves',
    )
    .action(() => withDeployment(list));
  command
    .command('ramp <build>')
    .description('give a version a share of the work; again with another share to change it')
    .requiredOption('--percent <n>', 'of new groups and of the long runs, 1 to 99')
    .option(...withoutReplay)
    .action((build: string, { percent, ...options }: RampOptions) => rampTo(build, percentOf(percent), options));
  command
    .command('make-current <build>')
    .description('give a version all the work')
    .option(...withoutReplay)
    .action(makeCurrentNow);
  command
    .command('rollback')
    .description(
      'take the last step back: the share of the version that ramps up, else to the version before the current one',
    )
    .action(rollBackNow);
  command
    .command('remove <build>')
    .description('forget a version that is drained and has no workers, or one that never got work')
    .action(remove);
  return command;
}

type ReplayOptions = { withoutReplay?: string };
type RampOptions = ReplayOptions & { percent: string };

const withDeployment = <T>(work: (client: Client, deploymentName: string, env: Env) => Promise<T>): Promise<T> =>
  withTemporal((client, env) => work(client, env.worker.deployment, env));

function percentOf(text: string): number {
  if (!/^[1-9][0-9]?$/.test(text))
    throw new ExplainedError(
      '--percent must be a whole number from 1 to 99; `make-current` gives a version all the work.',
    );
  return Number(text);
}

async function list(client: Client, deploymentName: string): Promise<void> {
  const [{ versions }, pollers] = [await versionsOf(client, deploymentName), await pollersByBuild(client)];
  print(['build', 'state', 'since', 'workers', 'open groups', 'queues']);
  for (const { build, state, since, percent } of versions) {
    const queues = pollers.get(build) ?? {};
    const workers = Math.max(0, ...Object.values(queues));
    const open = await openPinned(client, deploymentName, build);
    const shown = percent > 0 ? `${state} ${percent} %` : state;
    print([build, shown, since?.toISOString() ?? '-', workers, open, Object.keys(queues).join(' ') || '-']);
  }
  const unversioned = pollers.get('');
  if (unversioned)
    print(['(none)', '-', '-', Math.max(...Object.values(unversioned)), '-', Object.keys(unversioned).join(' ')]);
}

const columns = [40, 13, 26, 9, 13];
const print = (cells: (string | number)[]): void => {
  const padded = cells.map((cell, index) => String(cell).padEnd(columns[index] ?? 0));
  process.stdout.write(`${padded.join('').trimEnd()}\n`);
};

async function rampTo(build: string, percent: number, options: ReplayOptions): Promise<void> {
  const why = options.withoutReplay ?? null;
  await withDeployment((client, deploymentName) =>
    ramp({ client, deploymentName, build, percent, withoutReplay: why }),
  );
  await note('ramped', build, { percent, without_replay: why });
  process.stdout.write(`${build} gets ${percent} % of the work\n`);
}

async function makeCurrentNow(build: string, options: ReplayOptions): Promise<void> {
  const why = options.withoutReplay ?? null;
  const before = await withDeployment((client, deploymentName) =>
    makeCurrent({ client, deploymentName, build, withoutReplay: why }),
  );
  if (before === build) return void process.stdout.write(`${build} is current already\n`);
  await note('made_current', build, { before, without_replay: why });
  process.stdout.write(
    `${build} is current${before === null ? '' : `; keep the workers of ${before} until it is drained`}\n`,
  );
}

async function rollBackNow(): Promise<void> {
  const { from, to } = await withDeployment(rollBack);
  await note('rolled_back', from, { to });
  process.stdout.write(`${from} gets no new work; ${to ?? 'workers without a version'} get all of it\n`);
}

async function remove(build: string): Promise<void> {
  await withDeployment((client, deploymentName) =>
    removeVersion(client, { deploymentName, build, drainedForMs: drainMs(defaultWaits) }),
  );
  await note('removed', build, {});
  process.stdout.write(`${build} is removed\n`);
}

/** After the act: it is done when this fails, and the audit log lacks it. */
const note = (act: VersionAct, build: string, detail: object): Promise<void> =>
  asOwner((pool) => noteVersionAct(pool, { actor, act, build, detail }));
