import type { Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { readHold } from '../../ledger/read/holds.ts';
import { mayUse } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import type { Caller } from '../http/operation.ts';

/**
 * Whether a key with restrictions may end a hold: it must be allowed to use the source, and to move as much as it captures
 * (null: all that is left; 0: nothing). The key that made the hold had the right to draw on a funding account, so that is not asked
 * for again. An unknown hold is the ledger's to refuse. Refusals: `account_not_allowed`, `amount_not_allowed`.
 */
export async function maySettle(
  caller: Caller,
  { holdId, amount }: { holdId: Uuid; amount: bigint | null },
  deps: Deps,
): Promise<HttpResult<null>> {
  if (caller.accountIds === null && caller.amountMax === null) return ok(null);
  const hold = await readHold(deps.reader, caller.tenantId, holdId);
  if (hold === null) return ok(null);
  const use = mayUse(caller, hold.sourceAccountId);
  if (!use.ok) return use;
  const moved = amount ?? hold.amount - hold.capturedAmount;
  return caller.amountMax === null || moved <= caller.amountMax
    ? ok(null)
    : refused('amount_not_allowed', {
        detail: `This key may move at most ${caller.amountMax} minor units in one request.`,
      });
}
