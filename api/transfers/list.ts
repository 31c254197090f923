import { listTransfers, readTransferByKey } from '../../ledger/read/transfers.ts';
import { found } from '../http/answer.ts';
import { pageOrByKey } from '../http/by-key.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { viewFor } from './get.ts';
import { transfer, transferQuery } from './schema.ts';

/** `GET /v1/transfers`: newest first; with `idempotency_key`, the one transfer that the key made, read from the primary. */
export const getTransfers = operation({
  id: 'listTransfers',
  summary: 'List transfers',
  description:
    'With `idempotency_key`: the transfer that the key made, or an empty list. Seven minutes after an unanswered request that is final: nothing can appear under the key after that.',
  query: transferQuery,
  mayLag: true,
  status: 200,
  success: 'One page of transfers.',
  response: listOf('Transfers', transfer),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const { idempotency_key: key, ...list } = query;
    const [filter, page] = [toFilter(list), toPageRequest(list)];
    const rows = await pageOrByKey(
      { key, filter, page },
      {
        page: () => listTransfers(deps.reader, caller.tenantId, { filter, page }),
        byKey: (made) => readTransferByKey(deps.reader, caller.tenantId, made),
      },
    );
    return rows.ok ? found(toList('transfers', rows.value, (row) => viewFor(caller, row, deps))) : rows;
  },
});
