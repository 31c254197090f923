import { LRUCache } from 'lru-cache';
import type { Uuid } from '../../domain/ids.ts';

/** Accounts that row-level security has shown to belong to a tenant. */
export type AccountCache = {
  /** The currency of an account of that tenant, or null when this process does not know it as one. */
  currencyOf(tenantId: Uuid, accountId: Uuid): string | null;
  remember(tenantId: Uuid, accountId: Uuid, currency: string): void;
};

/** The tenant and currency of an account never change: the cache needs no expiry, only a bound. */
export function createAccountCache({ max }: { max: number }): AccountCache {
  const accounts = new LRUCache<Uuid, { tenantId: Uuid; currency: string }>({ max });
  return {
    currencyOf: (tenantId, accountId) => {
      const account = accounts.get(accountId);
      return account?.tenantId === tenantId ? account.currency : null;
    },
    remember: (tenantId, accountId, currency) => {
      accounts.set(accountId, { tenantId, currency });
    },
  };
}
