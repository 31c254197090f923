import { readHold } from '../../ledger/read/holds.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { hold, holdPath } from './schema.ts';
import { viewOfHold } from './view.ts';

/** `GET /v1/holds/{id}`: the hold as it is now. */
export const getHold = operation({
  id: 'getHold',
  summary: 'Read a hold',
  description: 'Its state, what was captured by which entries, and what is held now.',
  params: holdPath,
  status: 200,
  success: 'The hold as it is now.',
  response: hold,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readHold(deps.reader, caller.tenantId, params.id);
    return row ? found(viewOfHold(row)) : refused('not_found');
  },
});
