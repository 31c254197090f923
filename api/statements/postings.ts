import { listStatementPostings, readStatement } from '../../ledger/read/statements.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, refuseCursorOfOther, toList, toPageRequest } from '../http/pagination.ts';
import { statementPath, statementPosting, statementPostingQuery } from './schema.ts';
import { viewOfStatementPosting } from './view.ts';

/** `GET /v1/statements/{id}/postings`: what is on it, in its order. */
export const getStatementPostings = operation({
  id: 'listStatementPostings',
  summary: "List a statement's postings",
  description: 'The postings that are on it, oldest first, as it prints them. They never change.',
  params: statementPath,
  query: statementPostingQuery,
  shows: { type: 'statement', of: ({ params }) => params.id },
  status: 200,
  success: 'A page of postings.',
  response: listOf('StatementPostings', statementPosting),
  refusals: ['not_found'],
  run: async ({ params, query, caller }, deps) => {
    const row = await readStatement(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const cursor = refuseCursorOfOther(query, params.id);
    if (!cursor.ok) return cursor;
    const request = { statementId: row.id, page: toPageRequest(query) };
    const page = await listStatementPostings(deps.reader, caller.tenantId, request);
    return found(toList('statement_postings', page, viewOfStatementPosting, params.id));
  },
});
