import { LRUCache } from 'lru-cache';
import type { AccountKind } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { readAccount } from '../../ledger/read/account.ts';

/** Accounts that row-level security has shown to belong to a tenant. */
export type AccountCache = {
  /** An account of that tenant, or null when this process does not know it as one. */
  get(tenantId: Uuid, accountId: Uuid): CachedAccount | null;
  remember(tenantId: Uuid, accountId: Uuid, account: CachedAccount): void;
};

/** What never changes of an account. */
export type CachedAccount = { currency: string; kind: AccountKind };

/** The tenant, currency and kind of an account never change: the cache needs no expiry, only a bound. */
export function createAccountCache({ max }: { max: number }): AccountCache {
  const accounts = new LRUCache<Uuid, CachedAccount & { tenantId: Uuid }>({ max });
  return {
    get: (tenantId, accountId) => {
      const account = accounts.get(accountId);
      return account?.tenantId === tenantId ? account : null;
    },
    remember: (tenantId, accountId, { currency, kind }) => {
      accounts.set(accountId, { tenantId, currency, kind });
    },
  };
}

/** What never changes of an account of the tenant, from the cache where it is there; null when the tenant has no such account. */
export async function readCachedAccount(
  tenantId: Uuid,
  accountId: Uuid,
  { accountCache, reader }: { accountCache: AccountCache; reader: Reader },
): Promise<CachedAccount | null> {
  const known = accountCache.get(tenantId, accountId);
  if (known !== null) return known;
  const account = await readAccount(reader, tenantId, accountId);
  if (account !== null) accountCache.remember(tenantId, accountId, account);
  return account;
}
