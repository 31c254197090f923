import { checks } from '../../ledger/verify/checks.ts';
import { columnRules, otherTables } from '../../ledger/verify/columns.ts';
import { invariants } from '../../ledger/verify/invariants.ts';
import { ours, theirs } from '../../ledger/verify/truth.ts';
import { plants } from '../../test/support/plants/index.ts';
import { madeFrom, table } from './table.ts';

const withTruth = [ours, theirs];

/** docs/verify.md: what the auditor promises, how each promise was seen broken, and what of the books it cannot know. */
export function verifyDocument(): string {
  return [
    madeFrom('`ledger/verify/` and `test/support/plants/`'),
    '# What `npm run verify` sees\n',
    'It re-derives the books with SQL of its own, in one read-only snapshot. Each line of its output is one promise. It says how many',
    'things were examined, and where the promise is broken how many break it and the smallest of them: the one whose ids in the last',
    'column are the smallest, compared byte by byte. Most ids begin with their time, so it is the oldest.\n',
    table(['line', 'promise', 'counts', 'smallest by'], checks.map(lineOf)),
    '`guards` compares the database with the programs that run it, so run it with the release that migrated the database.\n',
    "With `--truth` it also compares the books with the bank's:\n",
    table(['line', 'promise', 'counts', 'smallest by'], withTruth.map(lineOf)),
    'With `--storage` it asks the store of `STORAGE_URL` about every object of a statement (`stored`: it is there in the version that was',
    'recorded, with its bytes and checksum, and kept as long), and lists the keys (`versions`: each has one version, and nobody deleted',
    'it). That is a call for each object; nothing is read of what they hold.\n',
    'With `--archive` it verifies the archive in place of the books: [the guide for auditors](auditors-guide.md#with-our-own-program).\n',
    '## Invariant by invariant\n',
    'What must hold, the lines that show it, and the faults that tests plant into a book: each must be found by its line. A test fails',
    'when an invariant has no line, a line no fault, or a fault no line; another plants two faults for each line, which must name the',
    'smaller one.\n',
    table(['invariant', 'what holds', 'line', 'planted faults that show it'], shown()),
    'Lines beyond these invariants:\n',
    table(
      ['line', 'planted faults that show it'],
      beyond().map((name) => [code(name), faultsOf(name)]),
    ),
    'Invariants that it cannot see:\n',
    table(['invariant', 'what holds', 'why, and what shows it'], unseen()),
    '## Column by column\n',
    'A column is derived or bounded by the lines in the second cell. Where there are none, the third says why nothing could: a',
    'change of it by hand, with the triggers off, would not be found.\n',
    table(['column', 'found by', 'not derivable, because'], columns()),
    'Tables that no money stands on:\n',
    table(
      ['table', 'what it is'],
      Object.entries(otherTables).map(([name, why]) => [code(name), why]),
    ),
  ].join('\n');
}

const code = (name: string) => `\`${name}\``;

const lineOf = ({ name, promise, counted, smallestBy }: (typeof checks)[number]) => [
  code(name),
  promise,
  counted,
  smallestBy,
];

const faultsOf = (name: string) =>
  plants
    .filter(({ check }) => check === name)
    .map((plant) => plant.name)
    .join('; ');

/** A row for each line of each invariant. */
function shown(): string[][] {
  return Object.entries(invariants).flatMap(([id, invariant]) =>
    'checks' in invariant
      ? invariant.checks.map((name, at) => [
          at === 0 ? id : '',
          at === 0 ? invariant.holds : '',
          code(name),
          faultsOf(name),
        ])
      : [],
  );
}

/** The lines that no invariant names. */
function beyond(): string[] {
  const named = Object.values(invariants).flatMap((invariant) => ('checks' in invariant ? invariant.checks : []));
  return checks.map(({ name }) => name).filter((name) => !named.includes(name));
}

const unseen = () =>
  Object.entries(invariants).flatMap(([id, invariant]) =>
    'why' in invariant ? [[id, invariant.holds, invariant.why]] : [],
  );

const columns = () =>
  Object.entries(columnRules).flatMap(([relation, rules]) =>
    Object.entries(rules).map(([column, rule]) => [
      code(`${relation}.${column}`),
      'by' in rule ? rule.by.map(code).join(', ') : '',
      'why' in rule ? rule.why : '',
    ]),
  );
