import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** A month to be closed. `month`: its first day, such as 2026-05-01; `id`: whose closes wait for each other, the tenant; `askedAt`: RFC 3339, by the clock of this program. */
export type PeriodToClose = { id: string; tenantId: Uuid; month: string; askedAt: string; actor: string };

/** Closes a month of a tenant and all before it, for good; again is harmless. Answers: `ledger.close_period`. */
export const closePeriod = (
  pool: pg.Pool,
  { tenantId, month, askedAt, actor }: PeriodToClose,
): Promise<'ok' | 'not_over' | 'busy'> =>
  call(pool, 'select ledger.close_period($1) as answer', [{ tenant_id: tenantId, month, asked_at: askedAt, actor }]);
