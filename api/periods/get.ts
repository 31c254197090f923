import { readPeriod } from '../../ledger/read/periods.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { period, periodPath } from './schema.ts';
import { firstDayOf, viewOfPeriod } from './view.ts';

/** `GET /v1/periods/{month}`: whether a month is closed. */
export const getPeriod = operation({
  id: 'getPeriod',
  summary: 'Read a period',
  description: 'Whether a month is closed, since when, and by whom.',
  params: periodPath,
  status: 200,
  success: 'The period, open or closed.',
  response: period,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const month = firstDayOf(params.month);
    return found(viewOfPeriod(month, await readPeriod(deps.reader, caller.tenantId, month)));
  },
});
