import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import pg from 'pg';
import { createRowChecks, type RowChecks } from '../archive-verification/database/row-checks.ts';
import { parseVerifierKey, type VerifierKey } from '../archive-verification/signed-note.ts';
import { type Seen, type Verified, verifyArchive } from '../archive-verification/verify.ts';
import { ExplainedError } from '../config/explain-error.ts';
import { fromPublic } from '../domain/ids.ts';
import { connectionOf } from '../drizzle/login.ts';
import { refuseBlind } from '../ledger/verify/examine.ts';
import { withArchive } from './archive-source.ts';
import type { Verdicts } from './findings-text.ts';
import { ownLogin } from './owner.ts';

/** What is verified and against what, as the options of the command say it. */
export type ArchiveOptions = {
  place: string;
  key?: string[];
  checkpoint?: string[];
  tenant?: string;
  database?: true;
};

export const archiveVerdicts: Verdicts = {
  sound: 'The archive is sound.',
  broken: 'The archive is NOT sound.',
  late: 'There are gaps in time, in which nothing was archived. They say nothing about what is there.',
};

/** How often a person sees that it goes on. */
const progressEveryMs = 2_000;
/** The rows of a segment are read in milliseconds; a busy database needs more. */
const statementMs = 5 * 60_000;
/** An absent server should be an error soon. */
const connectMs = 5_000;

/** Verifies an archive and tells on stderr how far it is. Throws an ExplainedError where that cannot be done. */
export async function verifiedArchive({ place, tenant, database, ...options }: ArchiveOptions): Promise<Verified> {
  const keys = (options.key ?? []).map(trustedKey);
  if (keys.length === 0)
    throw new ExplainedError('Name the key that you trust: --key <name>+<id>+<public key>, as you got and kept it.');
  if (tenant !== undefined && fromPublic('tenant', tenant) === null)
    throw new ExplainedError(`${tenant} is not the id of a tenant.`);
  if (tenant !== undefined && database)
    throw new ExplainedError(
      'A part of one tenant is not compared with the database: leave --tenant or --database out.',
    );
  const checkpoints = (options.checkpoint ?? []).map(keptCheckpoint);
  // The database first: what it knows is in the archive by then.
  const verified = await withRows(database, (rows) =>
    withArchive(place, (source) =>
      verifyArchive({ source, keys, checkpoints, rows, tenant: tenant ?? null, onSegment: progress() }),
    ),
  );
  if (verified === null) throw new ExplainedError(`There is no archive in ${place}: no segment has a checkpoint.`);
  return verified;
}

/** What it is that was verified, for programs. */
export const archiveFacts = ({ segments, records, head, lastAt }: Verified) => ({
  ...{ segments, records },
  ends_at: lastAt,
  checkpoint: head && { origin: `${head.origin}/${head.epoch}`, size: head.size, root: head.root },
});

/** The same for people, in a sentence to be compared with what they know from elsewhere. */
export const archiveText = ({ segments, records, head, lastAt }: Verified): string =>
  `${thousands(segments)} segments with ${thousands(records)} records, the newest begun at ${lastAt}.${
    head === null ? '' : ` Its checkpoint: ${head.origin}/${head.epoch}, ${head.size} manifests, root ${head.root}.`
  }\n`;

function trustedKey(text: string): VerifierKey {
  const key = parseVerifierKey(text.trim());
  if (key === null) throw new ExplainedError(`${text} is no verifier key of Ed25519, or it was copied wrongly.`);
  return key;
}

function keptCheckpoint(file: string): { name: string; text: string } {
  return { name: basename(file), text: readFileSync(file, 'utf8') };
}

async function withRows<T>(isWanted: true | undefined, work: (rows: RowChecks | null) => Promise<T>): Promise<T> {
  if (!isWanted) return await work(null);
  const client = new pg.Client({
    ...connectionOf(ownLogin()),
    application_name: 'quittance-verify',
    connectionTimeoutMillis: connectMs,
    options: `-c statement_timeout=${statementMs} -c timezone=UTC -c default_transaction_read_only=on`,
  });
  // A server that ends is reported by the query that waits for it.
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseBlind(client);
    return await work(await createRowChecks(client));
  } finally {
    await client.end();
  }
}

/** Says now and then which segment was verified. */
function progress(): (seen: Seen) => void {
  let last = performance.now();
  return ({ n, epoch, records }) => {
    if (performance.now() - last < progressEveryMs) return;
    last = performance.now();
    process.stderr.write(`segment ${thousands(n)} of epoch ${epoch}, ${thousands(records)} records so far\n`);
  };
}

const thousands = (count: number): string => count.toLocaleString('en');
