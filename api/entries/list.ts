import { listEntries, readEntryByKey } from '../../ledger/read/entries.ts';
import { found } from '../http/answer.ts';
import { pageOrByKey } from '../http/by-key.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { entry, entryQuery } from './schema.ts';
import { viewOfEntry } from './view.ts';

/** `GET /v1/entries`: newest first; with `idempotency_key`, the one entry that the key made. */
export const getEntries = operation({
  id: 'listEntries',
  summary: 'List entries',
  description:
    'Those of transfers among them. In the order in which they were posted, newest first; with `effective_from` or `effective_to` and without an account or a transfer, in the order of their dates.',
  query: entryQuery,
  mayLag: true,
  status: 200,
  success: 'A page of entries.',
  response: listOf('Entries', entry),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const { idempotency_key: key, ...list } = query;
    const [filter, page] = [toFilter(list), toPageRequest(list)];
    const rows = await pageOrByKey(
      { key, filter, page },
      {
        page: () => listEntries(deps.reader, caller.tenantId, { filter, page }),
        byKey: (made) => readEntryByKey(deps.reader, caller.tenantId, made),
      },
    );
    return rows.ok ? found(toList('entries', rows.value, viewOfEntry)) : rows;
  },
});
