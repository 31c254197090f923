import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** Statements of a tenant that are to be made. `month`: yyyy-mm; null: those that no month's run makes: on request, final, and later editions. */
export type DueStatements = { tenantId: Uuid; month: string | null };

/** `isMore`: there are others, ask again at once. `unknownZones`: tenants whose month cannot be computed; looked at again in a minute. */
export type OpenedMonths = { due: DueStatements[]; isMore: boolean; unknownZones: Uuid[] };

/**
 * Opens the months that are over by the database's clock and by this program's, and names what is to be made, at most `limit` (1,000) of each: months that
 * are not closed, each at most once in five minutes, and tenants with statements beside. Rules: `ledger.open_statement_months`.
 */
export async function openStatementMonths(pool: pg.Pool, { limit }: { limit: number }): Promise<OpenedMonths> {
  const answer = await call<Answer>(pool, 'select ledger.open_statement_months($1, $2) as answer', [limit, new Date()]);
  return {
    due: answer.due.map(({ tenant_id, month }) => ({ tenantId: tenant_id, month })),
    isMore: answer.is_more,
    unknownZones: answer.unknown_zones,
  };
}

type Answer = { due: { tenant_id: Uuid; month: string | null }[]; is_more: boolean; unknown_zones: Uuid[] };
