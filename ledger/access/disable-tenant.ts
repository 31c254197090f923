import type pg from 'pg';
import { call } from '../call.ts';

/** Disables a tenant, or enables it again: none of its keys is taken meanwhile, and what is open goes on. False when there is no such tenant. */
export const disableTenant = (
  pool: pg.Pool,
  { id, isDisabled, actor }: { id: string; isDisabled: boolean; actor: string },
): Promise<boolean> => call(pool, 'select ledger.disable_tenant($1, $2, $3) as answer', [id, isDisabled, actor]);
