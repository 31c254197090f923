import { readAccount } from '../../ledger/read/account.ts';
import { denied, found } from '../http/answer.ts';
import { endpoint } from '../http/operation.ts';
import { account, accountPath } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `GET /v1/accounts/{id}`: the account with its balance, always from the book itself. */
export const getAccount = endpoint({
  summary: 'Read an account',
  params: accountPath,
  status: 200,
  gives: account,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfAccount(row, new Date())) : denied('not_found');
  },
});
