import { listAccounts } from '../../ledger/read/account.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { account, accountQuery } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `GET /v1/accounts`: newest first, including the platform's own accounts. */
export const getAccounts = operation({
  id: 'listAccounts',
  summary: 'List accounts',
  description: "Newest first, the platform's own accounts (clearing, suspense, …) among them.",
  query: accountQuery,
  shows: { type: 'account' },
  mayLag: true,
  status: 200,
  success: 'One page of accounts.',
  response: listOf('Accounts', account),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const filter = toFilter(query);
    const page = await listAccounts(deps.reader, caller.tenantId, { filter, page: toPageRequest(query) });
    const now = new Date();
    return found(toList('accounts', page, (row) => viewOfAccount(row, now)));
  },
});
