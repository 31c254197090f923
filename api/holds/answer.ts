import type { BalanceReading } from '../../domain/account.ts';
import type { HoldRefusal } from '../../domain/hold.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { Deps } from '../deps.ts';
import { type Answer, refused } from '../http/answer.ts';
import { toLedgerToken } from '../http/ledger-token.ts';
import type { OperationInput } from '../http/operation.ts';
import { tokenOf } from '../transfers/ledger-token.ts';

type Decided = { result: 'decided' | 'replayed'; balances: readonly BalanceReading[] };
type Request = Pick<OperationInput<unknown, unknown, unknown>, 'caller' | 'versions'>;

/**
 * The headers of what was decided about a hold between these accounts. A replay changed no balance, but its client has not seen the
 * first answer, so it gets the newest versions, read on a best effort.
 */
export async function headersOf(
  { result, balances }: Decided,
  accountIds: Uuid[],
  { caller, versions }: Request,
  deps: Deps,
): Promise<Record<string, string>> {
  const token =
    balances.length > 0
      ? toLedgerToken(versions, balances)
      : await tokenOf({ tenantId: caller.tenantId, accountIds, known: versions }, deps);
  return {
    ...(token !== null && { 'Ledger-Token': token }),
    ...(result === 'replayed' && { 'Idempotent-Replayed': 'true' }),
  };
}

/** What a client reads where the ledger refuses to capture or to release. */
const details = {
  hold_not_open: 'The hold is closed already. Read it to see how.',
  hold_expired: 'The time of the hold is over. What is left of it is given back.',
  captures_exhausted: 'The hold has 99 captures: the last one takes all that is left, or is final.',
} as const satisfies Record<Exclude<HoldRefusal, 'capture_too_large'>, string>;

type Refused = { result: 'decided' | 'replayed'; hold: { id: Uuid }; refusal: HoldRefusal };

/** The answer to a request about a hold that the ledger refused, now or under the same key before: the same bytes each time. */
export function refusalOf({ result, hold, refusal }: Refused): Answer {
  const headers: Record<string, string> = result === 'replayed' ? { 'Idempotent-Replayed': 'true' } : {};
  const instance = `/v1/holds/${toPublic('hold', hold.id)}`;
  return refusal === 'capture_too_large'
    ? refused(refusal, { instance, headers })
    : refused('state_conflict', { detail: details[refusal], instance, headers });
}

/** The id of the request was made a moment ago: if it is too old for the ledger, or lies ahead of it, a clock is wrong. */
export function clocksDiffer({ alarms, clockMs }: Deps): Answer {
  alarms.raise('clocks_differ', { databaseIsAheadMs: clockMs() }, 'a request');
  return refused('not_attempted', {
    detail:
      'Nothing was done: two clocks of this platform differ by more than it allows. The same request can be sent again, and will succeed once they agree.',
  });
}
