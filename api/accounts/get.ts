import { readAccount } from '../../ledger/read/account.ts';
import { found, refused } from '../http/answer.ts';
import { etagOf } from '../http/if-match.ts';
import { operation } from '../http/operation.ts';
import { account, accountPath } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `GET /v1/accounts/{id}`: the account with its balance, never from the cache. */
export const getAccount = operation({
  id: 'getAccount',
  summary: 'Read an account',
  description: 'The account with its balance now.',
  params: accountPath,
  shows: { type: 'account', of: ({ params }) => params.id },
  status: 200,
  success: 'The account.',
  hasETag: true,
  response: account,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfAccount(row, new Date()), etagOf(row.version)) : refused('not_found');
  },
});
