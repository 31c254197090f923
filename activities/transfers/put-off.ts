import { setTimeout as sleep } from 'node:timers/promises';
import type { Uuid } from '../../domain/ids.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { TransferSnapshot } from '../../ledger/worker-reads/snapshot.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import type { PutOffInput, PutOffResult } from '../../workflows/contract/steps.ts';

export type PutOffDeps = {
  ledger: Pick<Ledger, 'conclude'>;
  readSnapshots: (ids: Uuid[]) => Promise<TransferSnapshot[]>;
};

/** Puts members off that no worker of their rail took in time, and raises an alarm for it. Idempotent. */
export const putOff =
  (deps: PutOffDeps & { alarms: Alarms }) =>
  async ({ groupId, rail, ids, nextInMs }: PutOffInput): Promise<PutOffResult> => {
    deps.alarms.raise('no_worker_for_rail', { rail, members: ids.length }, rail);
    return {
      toInquire: await putMembersOff(
        deps,
        { groupId, ids, until: atOnce },
        { code: 'no_worker', retryAfterMs: nextInMs },
      ),
    };
  };

/** How soon a member is put off again whose send still has its lease. */
const leasedPauseMs = 250;

/** For `until`: one round without waiting. */
export const atOnce = AbortSignal.abort();

/** Until when members with a living lease are waited for. */
type Members = { groupId: Uuid; ids: Uuid[]; until: AbortSignal };
/** Where the reason is not the rail's: a word for the story, and how long they wait at least. */
type Reason = { code: string; retryAfterMs: number };

/**
 * Sends nothing: what was never sent is `scheduled` again, what was sent becomes `unknown`. A member whose lease has
 * not ended is waited for until `until`; after that it is left to the sweep. Returns those that may be unknown.
 */
export async function putMembersOff(
  { ledger, readSnapshots }: PutOffDeps,
  { groupId, ids, until }: Members,
  reason?: Reason,
): Promise<Uuid[]> {
  const snapshots = await readSnapshots(ids);
  const idsIn = (state: string) => snapshots.filter((snapshot) => snapshot.state === state).map(({ id }) => id);
  const putOffOne = (transferId: Uuid) =>
    ledger.conclude({ transferId, source: 'carrier', outcome: 'put_off', carrier: groupId, ...reason });
  const toInquire = idsIn('unknown');
  for (let open = idsIn('submitting'); open.length > 0; ) {
    const conclusions = await Promise.all(open.map(putOffOne));
    toInquire.push(...conclusions.filter(({ state }) => state === 'unknown').map(({ transferId }) => transferId));
    open = conclusions.filter(({ state }) => state === 'submitting').map(({ transferId }) => transferId);
    if (until.aborted) break;
    if (open.length > 0) await sleep(leasedPauseMs);
  }
  return toInquire;
}
