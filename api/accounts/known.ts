import type { Uuid } from '../../domain/ids.ts';

/** Accounts that row-level security has shown to belong to a tenant. */
export type KnownAccounts = {
  /** The currency of an account of that tenant, or null when this process has not seen that it is one. */
  currencyOf(tenantId: Uuid, accountId: Uuid): string | null;
  remember(tenantId: Uuid, accountId: Uuid, currency: string): void;
};

/** Whose an account is, and its currency, never change: what is remembered needs no expiry, only a bound. */
export function createKnownAccounts({ most }: { most: number }): KnownAccounts {
  const known = new Map<Uuid, { tenantId: Uuid; currency: string }>();
  return {
    currencyOf: (tenantId, accountId) => {
      const account = known.get(accountId);
      return account?.tenantId === tenantId ? account.currency : null;
    },
    remember: (tenantId, accountId, currency) => {
      const [oldest] = known.keys();
      if (known.size >= most && oldest !== undefined) known.delete(oldest);
      known.set(accountId, { tenantId, currency });
    },
  };
}
