import { Command } from 'commander';
import { type Env, readEnv } from '../config/env.ts';
import { ExplainedError, explainError, unreachableReason } from '../config/explain-error.ts';
import { examine } from '../ledger/verify/examine.ts';
import { type Finding, isPunctual, isSound } from '../ledger/verify/run.ts';
import { openStorage } from '../storage/open.ts';
import { findingsOfStore } from './stored-objects.ts';
import { truthPages } from './truth.ts';

/** Exit codes, so that a schedule can distinguish a broken ledger from an absent database, and from one whose books are sound but that is late. */
const exits = { sound: 0, broken: 1, notExamined: 2, late: 3 } as const;

/** `operator verify`: exit code 0 when everything agrees, 1 when the books do not, 2 when they could not be examined, 3 when they are
 * sound and something is late. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('re-derive the ledger from its postings, holds and events, and print the differences; read-only')
    .option(
      '--truth <url>',
      "compare with what the simulator's bank took, for example http://127.0.0.1:4010/control/truth",
    )
    .option('--storage', 'compare the objects of statements with the store of STORAGE_URL too')
    .option('--json', 'print the findings as JSON')
    .action(async (options: Options) => {
      process.exitCode = await verify(options);
    });

type Options = { truth?: string; storage?: true; json?: true };

async function verify({ truth, storage, json }: Options): Promise<number> {
  try {
    const env = readEnv();
    const url = env.database.url.reveal();
    const books = await examine({ url, ...(truth !== undefined && { truth: truthPages(truth) }), onBusyPrimary });
    const findings = storage ? [...books, ...(await stored(url, env.storage))] : books;
    process.stdout.write(
      json
        ? `${JSON.stringify({ sound: isSound(findings), punctual: isPunctual(findings), findings }, null, 2)}\n`
        : toText(findings),
    );
    if (!isSound(findings)) return exits.broken;
    return isPunctual(findings) ? exits.sound : exits.late;
  } catch (error) {
    // The one place where errors end: the operator gets a sentence.
    const reason = explainError(error) ?? unreachableReason(error);
    process.stderr.write(`The ledger could not be verified: ${reason}\n`);
    return exits.notExamined;
  }
}

async function stored(databaseUrl: string, { url, ...address }: Env['storage']): Promise<Finding[]> {
  if (url === null) throw new ExplainedError('There is no object store: set STORAGE_URL.');
  // It makes no links.
  const store = openStorage({ ...address, url }, { linkBase: '' });
  try {
    return await findingsOfStore(databaseUrl, store);
  } finally {
    store.close();
  }
}

/** For an operator who began it at noon; it goes on, because the primary may be all there is. */
function onBusyPrimary(): void {
  process.stderr.write(
    'Warning: this is the primary, and it takes commits. The verification keeps a snapshot for minutes, which slows busy accounts meanwhile; run it on a standby if there is one.\n',
  );
}

function toText(findings: Finding[]): string {
  const lines = findings.map(({ name, verdict, promise, examined, breaches, witness }) => {
    const [mark, word] = verdict === 'books' ? ['BROKEN', 'broken'] : ['LATE  ', 'late'];
    const result = breaches === '0' ? 'ok    ' : mark;
    const count = breaches === '0' ? `${examined} examined` : `${examined} examined, ${breaches} ${word}`;
    const line = `${result}  ${name.padEnd(14)} ${count.padEnd(24)} ${promise}`;
    return witness === null ? line : `${line}\n        first: ${witness}`;
  });
  const books = isSound(findings) ? 'The books are sound.' : 'The books are NOT sound.';
  const upkeep = isPunctual(findings)
    ? []
    : ['Something is late: that says nothing about the books. See docs/alarms.md.'];
  return `${[...lines, ...upkeep, books].join('\n')}\n`;
}
