import type pg from 'pg';
import { UnknownCommit } from './faults.ts';

/**
 * Calls one function of the ledger: one statement, its own commit, never inside another transaction (its locks would live
 * as long as our network). A success that comes with warning 01000 did not wait for the standby, so its fate is unknown;
 * that connection, and one that failed, is destroyed and never used again.
 */
export async function call<T>(pool: pg.Pool, text: string, values: unknown[]): Promise<T> {
  const client = await pool.connect();
  let isUncertain = false;
  let isWhole = false;
  const onNotice = (notice: { code?: string | undefined }) => {
    if (notice.code === '01000') isUncertain = true;
  };
  client.on('notice', onNotice);
  try {
    // Not a named statement: a pooler may run each call on another connection, where nobody prepared it.
    const result = await client.query<{ answer: T }>(text, values);
    if (isUncertain) throw new UnknownCommit('the commit was not confirmed by the standby');
    isWhole = true;
    const [row] = result.rows;
    if (!row) throw new TypeError(`no row from: ${text}`);
    return row.answer;
  } finally {
    client.removeListener('notice', onNotice);
    client.release(!isWhole);
  }
}
