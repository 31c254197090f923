import { readAccount } from '../../ledger/read/account.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { account, accountPath } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `GET /v1/accounts/{id}`: the account with its balance, never from the cache. */
export const getAccount = operation({
  summary: 'Read an account',
  params: accountPath,
  status: 200,
  response: account,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfAccount(row, new Date())) : refused('not_found');
  },
});
