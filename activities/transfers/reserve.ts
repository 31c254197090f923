import pTimeout from 'p-timeout';
import type { Uuid } from '../../domain/ids.ts';
import type { TransferRequest } from '../../domain/transfer.ts';
import { isHopeless, isPoison } from '../../ledger/faults.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Alarms } from '../../telemetry/alarms/alarms.ts';
import { type ReserveAnswer, withoutOutcome } from '../../workflows/contract/messages.ts';
import type { ReserveInput } from '../../workflows/contract/steps.ts';

export type ReserveDeps = { ledger: Pick<Ledger, 'reserve'>; alarms: Alarms };

/**
 * The first commit of every member of a group, side by side: the ledger's batcher makes few calls of them. As a local
 * activity: answers with what is decided in time, and `undecided` for the rest. Never throws. It may be repeated, because a
 * member that was decided under this id answers as it was decided.
 */
export const reserveAtOnce =
  (deps: ReserveDeps) =>
  async ({ groupId, requests, withinMs }: ReserveInput): Promise<ReserveAnswer[]> => {
    const answers = new Map<Uuid, ReserveAnswer>();
    const decide = async (request: TransferRequest) => {
      answers.set(request.id, await reserveOne(deps, groupId, request));
    };
    await pTimeout(Promise.all(requests.map(decide)), { milliseconds: withinMs, fallback: () => [] });
    alarmUnknownRails(deps.alarms, requests, answers);
    return requests.map((request) => answers.get(request.id) ?? withoutOutcome('undecided', request));
  };

/** The same as an ordinary activity, for those without an answer. Throws when none got one, so that it is retried. */
export const reserve = (deps: ReserveDeps) => {
  const reserveWithin = reserveAtOnce(deps);
  return async (input: ReserveInput): Promise<ReserveAnswer[]> => {
    const answers = await reserveWithin(input);
    if (answers.every(({ result }) => result === 'undecided')) throw new Error('the ledger decided none of them');
    return answers;
  };
};

/** Clients repeat such a request until a worker that knows the network has started. */
function alarmUnknownRails(alarms: Alarms, requests: TransferRequest[], answers: Map<Uuid, ReserveAnswer>): void {
  const isUnknown = ({ id }: TransferRequest) => answers.get(id)?.result === 'rail_unknown';
  for (const rail of new Set(requests.filter(isUnknown).map((request) => request.rail)))
    alarms.raise('rail_unknown', { rail }, rail);
}

async function reserveOne(
  { ledger, alarms }: ReserveDeps,
  groupId: Uuid,
  request: TransferRequest,
): Promise<ReserveAnswer> {
  try {
    return await ledger.reserve(groupId, request);
  } catch (error) {
    // One member's fault must not cost the other members their answers. A fault is retried under the same id. What the
    // database refuses permanently wrote nothing, so the client may be answered so. A bug may have struck on
    // the answer to a commit, so not_attempted would be wrong. Both raise an alarm.
    if (!isHopeless(error)) return withoutOutcome('undecided', request);
    const wroteNothing = isPoison(error);
    const fact = { transferId: request.id, wroteNothing, err: error };
    alarms.raise('reserve_refused', fact);
    return withoutOutcome(wroteNothing ? 'internal_error' : 'undecided', request);
  }
}
