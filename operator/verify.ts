import { Command } from 'commander';
import { type Env, readEnv } from '../config/env.ts';
import { ExplainedError, explainError, unreachableReason } from '../config/explain-error.ts';
import type { DatabaseLogin } from '../config/iam-passwords.ts';
import { examine } from '../ledger/verify/examine.ts';
import { type Finding, isPunctual, isSound } from '../ledger/verify/run.ts';
import { openStorage } from '../storage/open.ts';
import { findingsText, type Verdicts } from './findings-text.ts';
import { ownLogin } from './owner.ts';
import { findingsOfStore } from './stored-objects.ts';
import { truthPages } from './truth.ts';
import { type ArchiveOptions, archiveFacts, archiveText, archiveVerdicts, verifiedArchive } from './verify-archive.ts';

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
    .option(
      '--archive <place>',
      'verify the archive and not the books: a folder with a copy of it, or `store` for STORAGE_URL',
    )
    .option('--key <key...>', 'of --archive: the verifier keys that you trust')
    .option('--checkpoint <file...>', 'of --archive: checkpoints that you kept outside')
    .option('--tenant <id>', 'of --archive: the folder is what `archive export` made of this tenant')
    .option('--database', 'of --archive: compare its records with the rows of DATABASE_URL')
    .option('--json', 'print the findings as JSON')
    .action(async ({ archive, ...options }: Options) => {
      process.exitCode =
        archive === undefined ? await verify(options) : await verifyArchive({ ...options, place: archive });
    });

type Options = { archive?: string; truth?: string; storage?: true; json?: true } & Omit<ArchiveOptions, 'place'>;

const verdicts: Verdicts = {
  sound: 'The books are sound.',
  broken: 'The books are NOT sound.',
  late: 'Something is late: that says nothing about the books. See docs/alarms.md.',
};

const verify = ({ truth, storage, json }: Options): Promise<number> =>
  reported('ledger', async () => {
    const login = ownLogin();
    const books = await examine({ ...login, ...(truth !== undefined && { truth: truthPages(truth) }), onBusyPrimary });
    const findings = storage ? [...books, ...(await stored(login, readEnv().storage))] : books;
    process.stdout.write(json ? findingsJson(findings) : findingsText(findings, verdicts));
    return findings;
  });

const verifyArchive = ({ json, ...options }: ArchiveOptions & Pick<Options, 'json'>): Promise<number> =>
  reported('archive', async () => {
    const verified = await verifiedArchive(options);
    const { findings } = verified;
    process.stdout.write(
      json
        ? findingsJson(findings, { archive: archiveFacts(verified) })
        : `${findingsText(findings, archiveVerdicts)}${archiveText(verified)}`,
    );
    return findings;
  });

/** The exit code of what was found; a sentence where nothing could be. */
async function reported(what: string, find: () => Promise<Finding[]>): Promise<number> {
  try {
    const findings = await find();
    if (!isSound(findings)) return exits.broken;
    return isPunctual(findings) ? exits.sound : exits.late;
  } catch (error) {
    // The one place where errors end: the operator gets a sentence.
    const reason = explainError(error) ?? unreachableReason(error);
    process.stderr.write(`The ${what} could not be verified: ${reason}\n`);
    return exits.notExamined;
  }
}

const findingsJson = (findings: readonly Finding[], more: object = {}): string =>
  `${JSON.stringify({ sound: isSound(findings), punctual: isPunctual(findings), findings, ...more }, null, 2)}\n`;

async function stored(login: DatabaseLogin, { url, ...address }: Env['storage']): Promise<Finding[]> {
  if (url === null) throw new ExplainedError('There is no object store: set STORAGE_URL.');
  // It makes no links.
  const store = openStorage({ ...address, url }, { linkBase: '' });
  try {
    return await findingsOfStore(login, store);
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
