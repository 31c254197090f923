import { check } from '../../domain/check.ts';
import { readPeriod } from '../../ledger/read/periods.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { period, periodPath } from './schema.ts';
import { firstDayOf, viewOfPeriod } from './view.ts';

/** `POST /v1/periods/{month}/close`: closes a month and all before it, for good. Harmless to repeat. */
export const closePeriod = operation({
  id: 'closePeriod',
  summary: 'Close a period',
  description:
    'Closes a month, and every month before it, for good: no entry can be dated into them afterwards. A month is closed when it has been over for a minute, by UTC. Closing it again answers the same.',
  params: periodPath,
  status: 200,
  success: 'The closed period.',
  response: period,
  refusals: ['not_found', 'period_not_over', 'not_attempted'],
  run: async ({ params, caller: { tenantId, actor } }, deps) => {
    const month = firstDayOf(params.month);
    const askedAt = new Date().toISOString();
    const answer = await deps.ledger.closePeriod({ id: tenantId, tenantId, month, askedAt, actor });
    if (answer === 'busy') return refused('not_attempted');
    if (answer === 'not_over') return refused('period_not_over');
    const row = await readPeriod(deps.reader, tenantId, month);
    check(row, 'what was closed is read as closed');
    return found(viewOfPeriod(month, row));
  },
});
