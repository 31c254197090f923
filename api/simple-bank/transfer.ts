import { check } from '../../domain/check.ts';
import { type Currency, isCurrency } from '../../domain/currency.ts';
import type { Uuid } from '../../domain/ids.ts';
import { undatedRefusals } from '../../domain/refusals.ts';
import { readCachedAccount } from '../accounts/account-cache.ts';
import { mayDraw } from '../api-keys/may-draw.ts';
import type { Deps } from '../deps.ts';
import { created, type HttpResult } from '../http/answer.ts';
import { type OperationInput, operation } from '../http/operation.ts';
import { type FirstView, submitTransfer } from '../transfers/create.ts';
import { moved, movement } from './schema.ts';

/** `POST /transfer`: moves money between two accounts of the tenant, on the book. */
export const moveMoney = operation({
  id: 'moveMoney',
  summary: 'Move money in the simple bank',
  description:
    'A transfer on the book in the currency of `from`. It is completed when it is answered, or declined (422), which is final for its key. Where `from` is a funding account the scope `funding:write` is needed too.',
  body: movement,
  needsKey: true,
  status: 201,
  success: 'The transaction, as it was decided.',
  hasLedgerToken: true,
  response: moved,
  refusals: [...undatedRefusals, 'idempotency_key_reused'],
  permit: ({ body, caller }, deps) => mayDraw(caller, { from: [body.from], amount: BigInt(body.amount) }, deps),
  run: async (input, deps) => {
    const source = await readCachedAccount(input.caller.tenantId, input.body.from, deps);
    const submitted = await submitBookTransfer(input, { ...input.body, currency: source?.currency ?? null }, deps);
    if (!submitted.ok) return submitted;
    const { view, headers } = submitted.value;
    return created({ transaction_id: view.id, status: view.status }, headers);
  },
});

/** Money that moves between two accounts. `currency` is null where the account that has it does not exist: the ledger refuses that. */
type Movement = { from: Uuid; to: Uuid; amount: string; currency: string | null };

/** Submits a transfer on the book under the key and the fingerprint of the route that was called. */
export function submitBookTransfer(
  input: OperationInput<unknown, unknown, unknown>,
  { from, to, amount, currency }: Movement,
  deps: Deps,
): Promise<HttpResult<FirstView>> {
  const body = {
    ...{ rail: 'book' as const, amount, currency: currencyOr('USD', currency) },
    ...{ source: { account_id: from }, destination: { account_id: to } },
    ...{ reference: undefined, description: undefined, execute_at: undefined, metadata: undefined },
  };
  return submitTransfer({ ...input, body }, deps);
}

function currencyOr(instead: Currency, code: string | null): Currency {
  if (code === null) return instead;
  check(isCurrency(code), 'an account has a currency of the table');
  return code;
}
