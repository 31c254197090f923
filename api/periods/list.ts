import { listPeriods } from '../../ledger/read/periods.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { period, periodQuery } from './schema.ts';
import { viewOfPeriod } from './view.ts';

/** `GET /v1/periods`: the closed months, newest first. */
export const getPeriods = operation({
  id: 'listPeriods',
  summary: 'List closed periods',
  description: 'The months that are closed, newest first. Every month before the last one listed is closed too.',
  query: periodQuery,
  status: 200,
  success: 'A page of closed periods.',
  response: listOf('Periods', period),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listPeriods(deps.reader, caller.tenantId, toPageRequest(query));
    return found(toList('periods', page, (row) => viewOfPeriod(row.month, row)));
  },
});
