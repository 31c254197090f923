import { changeAccount } from '../../../ledger/accounts/change.ts';
import { type Pools, setStatus } from '../../support/fixtures/accounts.ts';
import type { ModelAccount } from '../model/terms.ts';

/** What an operator does with an account. */
export const accountsOf = (pools: Pools, tenantId: string) => ({
  async setStatus(id: string, status: ModelAccount['status']): Promise<string> {
    const changed = await setStatus(pools, { id, tenantId, status });
    return changed.ok ? 'ok' : changed.refusal.code;
  },

  async setOverdraft(id: string, limit: bigint): Promise<string> {
    const change = { id, tenantId, overdraftLimit: String(limit), actor: 'model' };
    const changed = await changeAccount(pools.api, { ...change, name: null, metadata: null, status: null });
    return changed.ok ? 'ok' : changed.refusal.code;
  },
});
