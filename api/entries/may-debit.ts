import type { Leg } from '../../domain/entry.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import type { HttpResult } from '../http/answer.ts';
import type { Caller } from '../http/operation.ts';

/** Whether a caller may debit what the legs debit, over the sum of all of them. Refusals: as of {@link mayDraw}. */
export const mayDebit = (legs: readonly Leg[], caller: Caller, deps: Deps): Promise<HttpResult<null>> =>
  mayDraw(
    caller,
    {
      from: [...new Set(legs.map((leg) => leg.debitAccountId))],
      amount: legs.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    },
    deps,
  );
