import { readAccount } from '../../ledger/read/account.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { balanceOf, bankBalance } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `POST /balance`: reads a balance, never from the cache. It changes nothing, so an `Idempotency-Key` means nothing to it. */
export const readBankBalance = operation({
  id: 'readSimpleBalance',
  summary: 'Read a balance in the simple bank',
  description: 'It only reads: an `Idempotency-Key` is not used up, and each request gets the balance of its moment.',
  body: balanceOf,
  shows: { type: 'balance', of: ({ body }) => body.account_id },
  changesNothing: true,
  status: 200,
  success: 'The balance.',
  response: bankBalance,
  refusals: ['not_found'],
  run: async ({ body, caller }, deps) => {
    const row = await readAccount(deps.reader, caller.tenantId, body.account_id);
    if (!row) return refused('not_found');
    const { account_id, currency, balance } = viewOfAccount(row);
    return found({ account_id, currency, balance });
  },
});
