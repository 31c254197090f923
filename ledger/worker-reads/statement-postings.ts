import { type SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { StatementPosting } from '../../domain/statement.ts';

/** The place behind a posting: its sequence number, and its time, which keeps the database from looking into other months. */
export type PostingPlace = Pick<StatementPosting, 'seq' | 'at'>;

/** Which postings of a statement: those behind a place, null: from the first. At most 5,000. */
export type StatementPage = { tenantId: Uuid; statementId: Uuid; after: PostingPlace | null; limit: number };

/**
 * The postings of a statement, in their sequence. What is answered never changes: the range is fixed, and names are those of when it was
 * cut. None when the tenant has no such statement.
 */
export async function statementPostings(pool: pg.Pool, page: StatementPage): Promise<StatementPosting[]> {
  const { rows } = await drizzle(pool).execute<StatementPostingsRow>(postingsOf(page));
  return toStatementPostings(rows);
}

/** The query for them, which a reader of the API runs too. */
export const postingsOf = ({ tenantId, statementId, after, limit }: StatementPage): SQL =>
  sql`select ledger.statement_postings(${tenantId}, ${statementId}, ${after?.at ?? null}, ${after?.seq.toString() ?? null}, ${limit}) as answer`;

/** What the query answers. */
export type StatementPostingsRow = { answer: PostingRow[] };

/** Its postings. */
export const toStatementPostings = ([row]: StatementPostingsRow[]): StatementPosting[] =>
  (row?.answer ?? []).map(({ seq, amount, balanceAfter, ...posting }) => ({
    ...posting,
    seq: BigInt(seq),
    amount: BigInt(amount),
    balanceAfter: BigInt(balanceAfter),
  }));

/** A posting as SQL writes it. */
type PostingRow = Omit<StatementPosting, 'seq' | 'amount' | 'balanceAfter'> & {
  seq: string;
  amount: string;
  balanceAfter: string;
};
