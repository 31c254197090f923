import { listTransfers } from '../../ledger/read/transfers.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { bankTransfer, bankTransfersQuery } from './schema.ts';
import { viewOfTransfer } from './view.ts';

/** `GET /get_all_transactions`: every transfer of the tenant, newest first, in its current state. */
export const getAllBankTransfers = operation({
  id: 'listSimpleTransactions',
  summary: 'List the transactions of the simple bank',
  description: 'Every transfer, whatever route made it, declined ones too.',
  query: bankTransfersQuery,
  status: 200,
  success: 'One page of transactions.',
  response: listOf('SimpleTransactions', bankTransfer),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listTransfers(deps.reader, caller.tenantId, { filter: {}, page: toPageRequest(query) });
    return found(toList('simple_transactions', page, viewOfTransfer));
  },
});
