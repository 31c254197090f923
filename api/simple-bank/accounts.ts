import { listAccounts } from '../../ledger/read/account.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { accountsQuery, bankAccount } from './schema.ts';
import { viewOfAccount } from './view.ts';

/** `GET /get_all_accounts`: the customers' accounts, newest first; those that the platform keeps are not among them. */
export const getAllAccounts = operation({
  id: 'listSimpleAccounts',
  summary: 'List the accounts of the simple bank',
  description: 'Accounts of kind `customer`, whatever route opened them.',
  query: accountsQuery,
  shows: { type: 'account' },
  status: 200,
  success: 'One page of accounts.',
  response: listOf('SimpleAccounts', bankAccount),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const filter = { kind: 'customer' } as const;
    const page = await listAccounts(deps.reader, caller.tenantId, { filter, page: toPageRequest(query) });
    return found(toList('simple_accounts', page, viewOfAccount));
  },
});
