import { readIsEntryDetached } from '../../ledger/read/detached.ts';
import { readEntry } from '../../ledger/read/entries.ts';
import { found, refused } from '../http/answer.ts';
import { pathId } from '../http/fields.ts';
import { operation } from '../http/operation.ts';
import { entry } from './schema.ts';
import { viewOfEntry } from './view.ts';

/** `GET /v1/entries/{id}`: an entry, of a request or of a transfer. */
export const getEntry = operation({
  id: 'getEntry',
  summary: 'Read an entry',
  description: 'An entry of a request or of a transfer, with its legs.',
  params: pathId('entry'),
  status: 200,
  success: 'The entry.',
  response: entry,
  refusals: ['not_found', 'archived'],
  run: async ({ params, caller }, deps) => {
    const row = await readEntry(deps.reader, caller.tenantId, params.id);
    if (row) return found(viewOfEntry(row));
    return refused((await readIsEntryDetached(deps.reader, caller.tenantId, params.id)) ? 'archived' : 'not_found');
  },
});
