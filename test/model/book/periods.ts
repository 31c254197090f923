import { closePeriod } from '../../../ledger/periods/close.ts';
import type { Pools } from '../../support/fixtures/accounts.ts';
import { until } from '../../support/harness/in-time.ts';
import { nameOf } from '../model/periods.ts';
import type { Close } from '../model/terms.ts';

export const periodsOf = (pools: Pools, tenantId: string) => ({
  /** Again while a commit that began before has not ended: then nothing was done. */
  async closePeriod({ month, askedAt }: Close): Promise<string> {
    const close = { id: tenantId, tenantId, month: `${nameOf(month)}-01`, actor: 'model' };
    let answer = 'busy';
    await until(async () => {
      answer = await closePeriod(pools.api, { ...close, askedAt: new Date(askedAt).toISOString() });
      return answer !== 'busy';
    });
    return answer;
  },
});
