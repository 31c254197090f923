import type { Uuid } from '../domain/ids.ts';
import type { NetworkName, Rail } from '../domain/rail.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Overdue } from '../ledger/overdue.ts';
import type { Waits } from '../workflows/messages.ts';
import { whileBeating } from './beat.ts';
import { type FollowDeps, follow } from './follow.ts';
import type { Waker } from './wake-deliveries.ts';

export type RepairInput = { waits: Waits };
/** What one look of the watch found overdue: all zero when everything goes as it should. */
export type Repairs = { submitting: number; unknown: number; endpoints: number };

export type RepairDeps = FollowDeps & {
  ledger: Pick<Ledger, 'overdue' | 'conclude'>;
  rails: Record<NetworkName, Rail>;
  overdueEndpoints: (graceMs: number, limit: number) => Promise<Uuid[]>;
  waker: Pick<Waker, 'wake'>;
  startDrains: () => Promise<void>;
};

/** Rows of one look. What is left then is found by the next, seconds later. */
const rowsMost = 500;

/**
 * Sets going whatever is overdue: a `submitting` row that was never sent goes back to the drain, one that was sent and
 * whose lease is over becomes unknown, an unknown one gets its workflow, an endpoint's delivery is woken.
 */
export const repairOverdue = (deps: RepairDeps, { waits }: RepairInput): Promise<Repairs> =>
  whileBeating(async () => {
    await deps.startDrains();
    const rows = await deps.ledger.overdue({ graceMs: waits.overdueGraceMs, limit: rowsMost });
    const submitting = rows.filter(({ state }) => state === 'submitting');
    await Promise.all(submitting.map((row) => putOff(deps, row)));
    const { unknown } = await follow(deps, { ids: rows.map(({ transferId }) => transferId), waits });
    const endpoints = await deps.overdueEndpoints(waits.overdueGraceMs, rowsMost);
    deps.waker.wake(endpoints);
    return { submitting: submitting.length, unknown, endpoints: endpoints.length };
  });

/** The ledger decides which it is: put off, or no answer. */
async function putOff({ ledger, rails }: RepairDeps, { transferId, rail }: Overdue): Promise<void> {
  if (rail === 'book') return;
  await ledger.conclude({ transferId, source: 'watch', outcome: 'put_off', nextInMs: rails[rail].terms.retryMs });
}
