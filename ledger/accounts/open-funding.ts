import type pg from 'pg';
import { call } from '../call.ts';

/** Whose funding account, in which currency; `id` is that of a new one. */
export type FundingAccount = { id: string; tenantId: string; currency: string; actor: string };

/**
 * The id of the account that money comes in from: the tenant's oldest funding account of that currency that is not closed. Opens
 * one when there is none; of many calls at once one does.
 */
export const openFundingAccount = (pool: pg.Pool, { id, tenantId, currency, actor }: FundingAccount): Promise<string> =>
  call(pool, 'select ledger.open_funding_account($1, $2, $3, $4) as answer', [id, tenantId, currency, actor]);
