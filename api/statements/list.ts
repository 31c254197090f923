import { listStatements } from '../../ledger/read/statements.ts';
import { found } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { statement, statementQuery } from './schema.ts';
import { viewOfStatement } from './view.ts';

/** `GET /v1/statements`: newest first, of all accounts of the tenant. */
export const getStatements = operation({
  id: 'listStatements',
  summary: 'List statements',
  description: 'Newest first, by the time at which they were cut; every edition of each.',
  query: statementQuery,
  shows: { type: 'statement' },
  mayLag: true,
  status: 200,
  success: 'A page of statements.',
  response: listOf('Statements', statement),
  refusals: ['validation_failed'],
  run: async ({ query, caller }, deps) => {
    const request = { filter: toFilter(query), page: toPageRequest(query) };
    return found(toList('statements', await listStatements(deps.reader, caller.tenantId, request), viewOfStatement));
  },
});
