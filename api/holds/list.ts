import { listHolds } from '../../ledger/read/holds.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { hold, holdQuery } from './schema.ts';
import { viewOfHold } from './view.ts';

/** `GET /v1/holds`: newest first, closed ones among them. */
export const getHolds = operation({
  id: 'listHolds',
  summary: 'List holds',
  description: 'Holds that clients made. What a transfer holds is seen on the transfer.',
  query: holdQuery,
  mayLag: true,
  status: 200,
  success: 'A page of holds.',
  response: listOf('Holds', hold),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const request = { filter: toFilter(query), page: toPageRequest(query) };
    return found(toList('holds', await listHolds(deps.reader, caller.tenantId, request), viewOfHold));
  },
});
