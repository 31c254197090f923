import type { PeriodRow } from '../../ledger/read/periods.ts';
import { actorOf } from '../audit/names.ts';
import type { PeriodView } from './schema.ts';

/** The first day of a month that a client wrote, as the ledger has it. */
export const firstDayOf = (month: string): string => `${month}-01`;

/** A month, and how it was closed; null: it is open. */
export function viewOfPeriod(firstDay: string, row: PeriodRow | null): PeriodView {
  const start = new Date(`${firstDay}T00:00:00.000Z`);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  return {
    object: 'period',
    month: firstDay.slice(0, 7),
    status: row === null ? 'open' : 'closed',
    starts_at: start.toISOString(),
    ends_at: end.toISOString(),
    closed_at: row?.closedAt.toISOString() ?? null,
    closed_by: row === null ? null : actorOf(row.closedBy),
  };
}
