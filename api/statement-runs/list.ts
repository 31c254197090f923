import { listStatementRuns } from '../../ledger/read/statement-runs.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toList, toPageRequest } from '../http/pagination.ts';
import { statementRun, statementRunQuery } from './schema.ts';
import { viewOfRun } from './view.ts';

/** `GET /v1/statement-runs`: the months of the tenant's statements, newest first. For who operates the platform. */
export const getStatementRuns = operation({
  id: 'listStatementRuns',
  summary: 'List statement runs',
  description:
    'How far the statements of each month of the tenant are, newest first. For keys of who operates the platform.',
  query: statementRunQuery,
  status: 200,
  success: 'A page of runs.',
  response: listOf('StatementRuns', statementRun),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const page = await listStatementRuns(deps.reader, caller.tenantId, toPageRequest(query));
    return found(toList('statement_runs', page, viewOfRun));
  },
});
