import type pg from 'pg';
import { blockedTransfers } from './blocked-transfers.ts';
import type { LockHolders } from './holders.ts';
import type { LockWatch } from './watch.ts';

/** How commands about transfers that are there are found waiting for a lock on one; `withAccounts`: or on an account that it may change. */
export const watchTransfers =
  (pool: pg.Pool, holders: LockHolders) =>
  <C>({ idOf, withAccounts }: { idOf: (command: C) => string; withAccounts: boolean }): LockWatch<C> => ({
    holders,
    idOf,
    blocked: (commands: C[]) => blockedTransfers(pool, { ids: commands.map(idOf), withAccounts }),
  });
