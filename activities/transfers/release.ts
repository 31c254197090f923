import type { Log } from '../../config/log.ts';
import type { Uuid } from '../../domain/ids.ts';
import { isPoison } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { DueInput, DueResult } from '../../workflows/contract/steps.ts';

export type DueDeps = { ledger: Pick<Ledger, 'due'>; log: Pick<Log, 'error'> };

/**
 * First step of a drain's group: what it holds goes on its way. Answers with those that it must now send. Run twice is run
 * once. A row that the database refuses for ever stays where it is and alarms; its siblings go on. Any other fault is thrown
 * when all have ended, and what was moved stays moved.
 */
export const createDue = ({ ledger, log }: DueDeps) => ({
  due: async ({ groupId, ids }: DueInput): Promise<DueResult> => {
    const submitting: Uuid[] = [];
    const moves = await Promise.allSettled(ids.map((id) => ledger.due({ id, carrier: groupId })));
    for (const [i, move] of moves.entries()) {
      if (move.status === 'fulfilled' && move.value.state === 'submitting') submitting.push(move.value.id);
      if (move.status === 'rejected' && !isPoison(move.reason)) throw move.reason;
      if (move.status === 'rejected')
        log.error({ transferId: ids[i], err: move.reason }, 'ALARM: a transfer that is due cannot be moved');
    }
    return { submitting };
  },
});
