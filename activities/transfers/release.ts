import type { Uuid } from '../../domain/ids.ts';
import { isPoison } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { ReleaseInput, ReleaseResult } from '../../workflows/contract/steps.ts';

export type ReleaseDeps = { ledger: Pick<Ledger, 'release'>; alarms: Alarms };

/**
 * First step of a due group: releases its rows. Returns those that it must now send. Idempotent. A
 * row that the database refuses permanently stays where it is and raises an alarm; the other rows continue. Any other fault is
 * thrown when all have ended, and what was released stays released.
 */
export const release =
  ({ ledger, alarms }: ReleaseDeps) =>
  async ({ groupId, ids }: ReleaseInput): Promise<ReleaseResult> => {
    const submitting: Uuid[] = [];
    const outcomes = await Promise.allSettled(ids.map((id) => ledger.release({ id, carrier: groupId })));
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled' && outcome.value.state === 'submitting') submitting.push(outcome.value.id);
      if (outcome.status === 'rejected' && !isPoison(outcome.reason)) throw outcome.reason;
      if (outcome.status === 'rejected') alarms.raise('release_refused', { transferId: ids[i], err: outcome.reason });
    }
    return { submitting };
  };
