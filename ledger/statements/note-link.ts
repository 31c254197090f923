import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** Who gets a link to which form of a statement. `part`: 0 for the whole or the manifest. */
export type StatementLink = {
  tenantId: Uuid;
  statementId: Uuid;
  actor: string;
  format: 'pdf' | 'json' | 'csv' | 'camt';
  part: number;
};

/** Writes into the audit (`statement.link_made`) that a link was made. False when the tenant has no such statement that is ready. For the API's login. */
export const noteStatementLink = (
  pool: pg.Pool,
  { tenantId, statementId, actor, format, part }: StatementLink,
): Promise<boolean> =>
  call(pool, 'select ledger.note_statement_link($1, $2, $3, $4, $5) as answer', [
    tenantId,
    statementId,
    actor,
    format,
    part,
  ]);
