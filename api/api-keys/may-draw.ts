import type { Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import { readTransfer } from '../../ledger/read/transfers.ts';
import { readCachedAccount } from '../accounts/account-cache.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import type { Caller } from '../http/operation.ts';
import { authorize } from '../http/request/authenticate.ts';

/** The money that a request moves: the accounts that it leaves, and how much it is altogether, in minor units. */
export type Draw = { from: readonly Uuid[]; amount: bigint };

/**
 * Whether a key may move this money: its restrictions, and the scope `funding:write` where a funding account is drawn on, which makes
 * money because it has no floor. To be called by the `permit` of everything that moves money, so that a refusal leaves the
 * idempotency key free and a repeated request is asked again. An unknown account is the ledger's to refuse.
 * Refusals: `account_not_allowed`, `amount_not_allowed`, `forbidden`.
 */
export async function mayDraw(caller: Caller, { from, amount }: Draw, deps: Deps): Promise<HttpResult<null>> {
  for (const accountId of from) {
    const use = mayUse(caller, accountId);
    if (!use.ok) return use;
  }
  if (caller.amountMax !== null && amount > caller.amountMax)
    return refused('amount_not_allowed', {
      detail: `This key may move at most ${caller.amountMax} minor units in one request.`,
    });
  if (authorize(caller, 'funding:write').ok) return ok(null);
  for (const accountId of new Set(from)) {
    const funds = await mayFund(caller, accountId, deps);
    if (!funds.ok) return funds;
  }
  return ok(null);
}

/** Whether a key may take money from an account, or change it. Refusal: `account_not_allowed`, the same for one that nobody has. */
export const mayUse = ({ accountIds }: Caller, accountId: Uuid): HttpResult<null> =>
  accountIds === null || accountIds.includes(accountId) ? ok(null) : refused('account_not_allowed');

/** The same of a request that takes back a transfer: of the account that it is paid from. An unknown one is the ledger's to refuse. */
export async function mayUseSourceOf(caller: Caller, transferId: Uuid, deps: Deps): Promise<HttpResult<null>> {
  if (caller.accountIds === null) return ok(null);
  const accountId = (await readTransfer(deps.reader, caller.tenantId, transferId))?.sourceAccountId ?? null;
  return accountId === null ? ok(null) : mayUse(caller, accountId);
}

async function mayFund(caller: Caller, accountId: Uuid, deps: Deps): Promise<HttpResult<null>> {
  const account = await readCachedAccount(caller.tenantId, accountId, deps);
  return authorize(caller, account?.kind === 'funding' ? 'funding:write' : null);
}
