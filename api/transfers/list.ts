import type { Page } from '../../ledger/read/page.ts';
import { listTransfers, readTransferByKey, type TransferRow } from '../../ledger/read/transfers.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { viewFor } from './get.ts';
import { transfer, transferQuery } from './schema.ts';

/** `GET /v1/transfers`: newest first; with `idempotency_key`, the one transfer that the key made, read from the primary. */
export const getTransfers = operation({
  summary: 'List transfers',
  description:
    'With `idempotency_key`: the transfer that the key made, or an empty list. Seven minutes after an unanswered request that is final: nothing can appear under the key after that.',
  query: transferQuery,
  status: 200,
  response: listOf('Transfers', transfer),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const { idempotency_key: key, ...list } = query;
    const filter = toFilter(list);
    const page = toPageRequest(list);
    const isNarrowed = page.after !== null || Object.values(filter).some((value) => value !== undefined);
    if (key !== undefined && isNarrowed) {
      const message = 'cannot be combined with another filter';
      return refused('validation_failed', {
        errors: [{ pointer: 'query/idempotency_key', code: 'invalid_value', message }],
      });
    }
    const rows =
      key === undefined
        ? await listTransfers(deps.reader, caller.tenantId, { filter, page })
        : onlyPage(await readTransferByKey(deps.reader, caller.tenantId, key));
    return found(toList('transfers', rows, (row) => viewFor(caller, row, deps)));
  },
});

const onlyPage = (row: TransferRow | null): Page<TransferRow> => ({ rows: row ? [row] : [], next: null });
