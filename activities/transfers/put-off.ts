import { setTimeout as pause } from 'node:timers/promises';
import type { Uuid } from '../../domain/ids.ts';
import type { Rail } from '../../domain/rail.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { TransferSnapshot } from '../../ledger/work/snapshot.ts';

/** How soon a member is put off again whose send still has its lease. */
const leasedPauseMs = 250;

/** For `until`: one round, and nobody is waited for. */
export const atOnce = AbortSignal.abort();

/**
 * Sends nothing: what was never sent goes back to the drain, what was becomes `unknown`. A member whose lease still lives
 * is waited for until `until`; after that it is the watch's. Answers with those that may be unknown.
 */
export async function putOff({
  ledger,
  readSnapshots,
  rail,
  groupId,
  ids,
  until,
  why,
}: {
  ledger: Pick<Ledger, 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
  rail: Rail;
  groupId: Uuid;
  ids: Uuid[];
  until: AbortSignal;
  /** Where the reason is not the rail's: a word for the story, and when it should be sent. */
  why?: { code: string; nextInMs: number };
}): Promise<Uuid[]> {
  const snapshots = await readSnapshots(ids);
  const idsIn = (state: string) => snapshots.filter((snapshot) => snapshot.state === state).map(({ id }) => id);
  const follow = idsIn('unknown');
  for (let open = idsIn('submitting'); open.length > 0; ) {
    const conclusions = await Promise.all(open.map(putOffOne));
    follow.push(...conclusions.filter(({ state }) => state === 'unknown').map(({ transferId }) => transferId));
    open = conclusions.filter(({ state }) => state === 'submitting').map(({ transferId }) => transferId);
    if (until.aborted) break;
    if (open.length > 0) await pause(leasedPauseMs);
  }
  return follow;

  function putOffOne(transferId: Uuid) {
    const said = { transferId, source: 'carrier', outcome: 'put_off', carrier: groupId } as const;
    return ledger.conclude({ ...said, nextInMs: rail.terms.retryMs, ...why });
  }
}
