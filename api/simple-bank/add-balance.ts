import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';
import { check } from '../../domain/check.ts';
import { fromPublic, toPublic, type Uuid } from '../../domain/ids.ts';
import { undatedRefusals } from '../../domain/refusals.ts';
import { ok } from '../../domain/result.ts';
import { readBalanceAfter } from '../../ledger/read/balance.ts';
import { readKeptBalanceAfter } from '../../ledger/read/detached.ts';
import { readFundingAccount } from '../../ledger/read/funding-account.ts';
import { readIsKeyUsed } from '../../ledger/read/idempotency-key.ts';
import { readCachedAccount } from '../accounts/account-cache.ts';
import { mayDraw, mayUse } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { created, type HttpResult, refused } from '../http/answer.ts';
import { type Caller, type OperationInput, operation } from '../http/operation.ts';
import { authorize } from '../http/request/authenticate.ts';
import type { TransferView } from '../transfers/schema.ts';
import { deposit, deposited } from './schema.ts';
import { submitBookTransfer } from './transfer.ts';

type Deposit = OperationInput<unknown, unknown, z.infer<typeof deposit>>;

/** `POST /add_balance`: money comes in, as a transfer from the tenant's funding account of that currency. */
export const addBalance = operation({
  id: 'addBalance',
  summary: 'Pay into an account of the simple bank',
  description:
    'A transfer on the book from the funding account of that currency, which is opened by the first payment in. Needs the scope `funding:write` too, because it makes money. `balance` is what was posted right after it.',
  body: deposit,
  needsKey: true,
  status: 201,
  success: 'The balance right after the money came in.',
  hasLedgerToken: true,
  response: deposited,
  refusals: [...undatedRefusals, 'idempotency_key_reused'],
  permit: async ({ body, caller }, deps) => {
    const may = authorize(caller, 'funding:write');
    return may.ok ? mayDraw(caller, { from: [], amount: BigInt(body.amount) }, deps) : may;
  },
  run: async (input, deps) => {
    const { account_id: to, amount } = input.body;
    const source = await sourceFor(input, deps);
    if (!source.ok) return source;
    const submitted = await submitBookTransfer(input, { ...source.value, to, amount }, deps);
    if (!submitted.ok) return submitted;
    const { view, headers } = submitted.value;
    const balance = await balanceAfter(view, to, input.caller, deps);
    return created({ account_id: toPublic('account', to), balance, transaction_id: view.id }, headers);
  },
});

type Source = { from: Uuid; currency: string | null };

/**
 * Where the money comes from. For an account that does not exist it is that account: the ledger refuses it, under the key. A funding
 * account is opened last, when only the ledger can still refuse: a refused request leaves no row.
 * Refusal: `account_not_allowed`.
 */
async function sourceFor({ body, caller, key }: Deposit, deps: Deps): Promise<HttpResult<Source>> {
  const { account_id: to } = body;
  const { tenantId, actor } = caller;
  const account = await readCachedAccount(tenantId, to, deps);
  if (account === null) return withRight(caller, { from: to, currency: null });
  const { currency } = account;
  const funding = await readFundingAccount(deps.reader, tenantId, currency);
  if (funding !== null) return withRight(caller, { from: funding, currency });
  // A new account is none of those that such a key may use.
  if (caller.accountIds !== null) return refused('account_not_allowed');
  check(key !== null, 'this operation needs a key');
  // A used key moves nothing: its request is repeated as it was decided, or refused.
  if (await readIsKeyUsed(deps.reader, tenantId, key)) return ok({ from: to, currency });
  return ok({ from: await deps.ledger.openFundingAccount({ id: uuidV7(), tenantId, currency, actor }), currency });
}

function withRight(caller: Caller, source: Source): HttpResult<Source> {
  const use = mayUse(caller, source.from);
  return use.ok ? ok(source) : use;
}

/** What the entry left in the account. It never changes, so a repeated request gets the same bytes. */
async function balanceAfter(view: TransferView, accountId: Uuid, caller: Caller, deps: Deps): Promise<string> {
  const entryId = fromPublic('entry', view.entry_ids[0] ?? '');
  check(entryId !== null, 'a transfer on the book without a date has its entry at once');
  const at = new Date(view.created_at);
  const transferId = fromPublic('transfer', view.id);
  check(transferId !== null, 'a transfer has its id');
  const balance =
    (await readBalanceAfter(deps.reader, caller.tenantId, { accountId, entryId, at })) ??
    (await readKeptBalanceAfter(deps.reader, caller.tenantId, transferId));
  check(balance !== null, 'an entry has a posting for each of its accounts');
  return balance.toString();
}
