import { readStatementRun } from '../../ledger/read/statement-runs.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { refuseReadOnly } from '../http/read-only.ts';
import { runReadOnly, statementRun, statementRunChange, statementRunPath } from './schema.ts';
import { viewOfRun } from './view.ts';

/** `PATCH /v1/statement-runs/{tenant_id}/{month}`: slows a run down, pauses it, sets it free. Harmless to repeat. */
export const changeStatementRun = operation({
  id: 'changeStatementRun',
  summary: 'Change the pace of a statement run',
  description:
    'How many statements of that month are made a minute, for as long as it is not closed. It counts for what is not begun. For keys of who operates the platform.',
  params: statementRunPath,
  body: statementRunChange,
  status: 200,
  success: 'The run as it is now.',
  response: statementRun,
  refusals: ['not_found', 'state_conflict'],
  run: async ({ params: { tenant_id: tenantId, month }, body, caller }, deps) => {
    const before = tenantId === caller.tenantId ? await readStatementRun(deps.reader, tenantId, month) : null;
    if (!before) return refused('not_found');
    const same = refuseReadOnly(body, viewOfRun(before), runReadOnly);
    if (!same.ok) return same;
    const { actor } = caller;
    const isSet = await deps.ledger.setStatementPace({ tenantId, month, pace: body.pace, actor });
    if (!isSet) return refused('state_conflict', { detail: 'The statements of that month are closed: all are ready.' });
    deps.lookAtRun(tenantId, month);
    const run = await readStatementRun(deps.reader, tenantId, month);
    return run ? found(viewOfRun(run)) : refused('not_found');
  },
});
