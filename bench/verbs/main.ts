import { parseArgs } from 'node:util';
import { readEnv } from '../../config/env.ts';
import { type Lane, type Measured, measured, openLane } from './lane.ts';
import { makeSubject } from './subject.ts';

const usage = `What the verbs of the ledger cost: CPU of the Postgres backend (user and system), in microseconds per transfer,
beside another revision of this repository. With DATABASE_URL of a superuser whose server runs on this machine.

  npm run bench:verbs -- [--against 758983f] [--sizes 1,50,500] [--rounds 7] [--transfers 1000]

Calls alternate between the two schemas one by one; each round begins with a vacuum, and none runs within it. Figures are medians of the rounds; the ratio is the median of the
rounds' ratios: below 1 this tree is cheaper.
`;

const { values } = parseArgs({
  options: {
    against: { type: 'string', default: '758983f' },
    sizes: { type: 'string', default: '1,50,500' },
    rounds: { type: 'string', default: '7' },
    transfers: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else await bench();

async function bench(): Promise<void> {
  const superuser = readEnv().database.url.reveal();
  const subjects = [await makeSubject(superuser, values.against), await makeSubject(superuser, null)];
  const lanes = await Promise.all(subjects.map(({ url }) => openLane(url)));
  try {
    process.stdout.write(line('batch', 'verb', values.against, 'tree', 'ratio'));
    for (const size of values.sizes.split(',').map(Number)) await compare(lanes, size);
  } finally {
    for (const lane of lanes) await lane.end();
    for (const subject of subjects) await subject.drop();
  }
}

/** Measures one batch size for the rounds, and prints a line per verb. */
async function compare([base, tree]: Lane[], size: number): Promise<void> {
  if (!base || !tree) throw new Error('two lanes are compared');
  // The first pass of a session fills its caches.
  await alternate(base, tree, { size, transfers: 10 * size });
  const rounds: Round[] = [];
  while (rounds.length < Number(values.rounds)) {
    for (const lane of [base, tree]) await lane.vacuum();
    // A vacuum makes the session plan again; no round pays for that.
    await alternate(base, tree, { size, transfers: size });
    rounds.push(await alternate(base, tree, { size, transfers: Number(values.transfers) }));
  }
  for (const verb of measured) {
    const costs = rounds.map((round) => round[verb]);
    const [before, after] = [median(costs.map((cost) => cost.base)), median(costs.map((cost) => cost.tree))];
    const ratio = median(costs.map((cost) => cost.tree / cost.base));
    process.stdout.write(line(String(size), verb, before.toFixed(0), after.toFixed(0), ratio.toFixed(3)));
  }
}

type Cost = { base: number; tree: number };
/** CPU per transfer in microseconds, of each verb in both schemas. */
type Round = Record<Measured, Cost>;

/** One round: every call of the one schema is followed, or preceded, by the same call of the other. */
async function alternate(
  base: Lane,
  tree: Lane,
  { size, transfers }: { size: number; transfers: number },
): Promise<Round> {
  const work = { base: base.prepare(transfers, size), tree: tree.prepare(transfers, size) };
  const costOf = async (verb: Measured): Promise<Cost> => {
    const cost = { base: 0, tree: 0 };
    const runBase = async (i: number) => {
      cost.base += await base.run(verb, work.base[verb][i] ?? '');
    };
    const runTree = async (i: number) => {
      cost.tree += await tree.run(verb, work.tree[verb][i] ?? '');
    };
    for (const i of work.base[verb].keys()) {
      for (const run of i % 2 === 0 ? [runBase, runTree] : [runTree, runBase]) await run(i);
    }
    return { base: cost.base / transfers, tree: cost.tree / transfers };
  };
  return {
    'reserve book': await costOf('reserve book'),
    'reserve instant': await costOf('reserve instant'),
    claim: await costOf('claim'),
    conclude: await costOf('conclude'),
  };
}

function median(figures: number[]): number {
  return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

function line(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.padStart(15)).join(' | ')} |\n`;
}
