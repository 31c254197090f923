import type { Pools } from '../../support/fixtures/accounts.ts';
import { accountsOf } from './accounts.ts';
import { entriesOf } from './entries.ts';
import { holdsOf } from './holds.ts';
import { periodsOf } from './periods.ts';
import { readsOf } from './read.ts';
import { transfersOf } from './transfers.ts';

/** The real book of one tenant, in the words of the model: each call is one batch and one commit. */
export const bookOf = (pools: Pools, tenantId: string) => ({
  ...transfersOf(pools, tenantId),
  ...entriesOf(pools, tenantId),
  ...holdsOf(pools, tenantId),
  ...periodsOf(pools, tenantId),
  ...accountsOf(pools, tenantId),
  ...readsOf(pools, tenantId),
});

export type Book = ReturnType<typeof bookOf>;
