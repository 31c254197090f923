import { LRUCache } from 'lru-cache';
import type { Uuid } from '../../domain/ids.ts';

/** Accounts that row-level security has shown to belong to a tenant. */
export type AccountCache = {
  /** The currency of an account of that tenant, or null when this process has not seen that it is one. */
  currencyOf(tenantId: Uuid, accountId: Uuid): string | null;
  remember(tenantId: Uuid, accountId: Uuid, currency: string): void;
};

/** Whose an account is, and its currency, never change: what is remembered needs no expiry, only a bound. */
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
