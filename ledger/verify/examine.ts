import pg from 'pg';
import type { DatabaseLogin } from '../../config/iam-passwords.ts';
import { connectionOf } from '../../drizzle/login.ts';
import { checks } from './checks.ts';
import { isBusyPrimary } from './load.ts';
import { type Finding, run } from './run.ts';
import { type BankRecord, keepTruth, makeTruthTable, ours, theirs } from './truth.ts';

/** One statement may sort all postings there are; it is ended by the server after this. */
const statementMs = 30 * 60_000;
/** Verification is run by hand or by a schedule: an absent server should be an error soon. */
const connectMs = 5_000;
/** Between two statements of a snapshot this process may wait for the bank's next page, or stand still. Our programs' sessions have two seconds. */
const idleMs = 5 * 60_000;

/** `onBusyPrimary`: told before it begins when this is the primary and it takes commits. */
type ToExamine = DatabaseLogin & { truth?: BankPages; onBusyPrimary?: () => void };
type BankPages = AsyncIterable<readonly BankRecord[]>;

/** The login cannot see all tenants, so that it would find nothing wrong in what it does not see. */
export class Blind extends Error {
  override readonly name = 'Blind';
}

/**
 * Runs every check on a database, in one read-only snapshot, and compares with the bank's truth if it is given. The truth is
 * read, page by page, after the snapshot was taken. `url` logs in as quittance_reader (or anybody who sees all tenants, else
 * {@link Blind} is thrown). Nothing is written. Throws what reading the truth throws.
 */
export async function examine({
  url,
  password = null,
  truth,
  onBusyPrimary = () => {},
}: ToExamine): Promise<Finding[]> {
  const client = new pg.Client({
    ...connectionOf({ url, password }),
    application_name: 'quittance-verify',
    connectionTimeoutMillis: connectMs,
    options: `-c statement_timeout=${statementMs} -c timezone=UTC -c work_mem=64MB`,
  });
  // A server that ends is reported by the query that waits for it; without a listener this event would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseBlind(client);
    if (await isBusyPrimary(client)) onBusyPrimary();
    if (truth !== undefined) await makeTruthTable(client);
    const findings = await inSnapshot(client, async () => {
      const own = await run(client, checks);
      if (truth === undefined) return own;
      for await (const page of truth) await keepTruth(client, page);
      return [...own, ...(await run(client, [ours]))];
    });
    if (truth === undefined) return findings;
    return [...findings, ...(await inSnapshot(client, () => run(client, [theirs])))];
  } finally {
    await client.end();
  }
}

export async function refuseBlind(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ sees: boolean }>(
    `select r.rolsuper or r.rolbypassrls or pg_has_role(r.oid, 'quittance_reader', 'usage') or pg_has_role(r.oid, 'quittance_worker', 'usage') as sees
     from pg_roles r where r.rolname = current_user`,
  );
  if (!rows[0]?.sees)
    throw new Blind('This login sees one tenant at most. Verify with a login of the role quittance_reader.');
}

/**
 * A month that is detached takes its tables and the row that says so in one commit, under a lock. A read that waits for that lock has a snapshot of before it, and
 * would find neither the rows nor the row; a lock is waited for without a snapshot. It is held to the end, so no month leaves meanwhile.
 */
async function inSnapshot<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only');
  await client.query('lock table only ledger.entry, only ledger.posting, only ledger.event in access share mode');
  await client.query(`set local idle_in_transaction_session_timeout = ${idleMs}`);
  const found = await work();
  await client.query('commit');
  return found;
}
