import { readAttachedFrom } from '../../ledger/read/detached.ts';
import { listStatementPostings, readStatement, type StatementRow } from '../../ledger/read/statements.ts';
import type { Deps } from '../deps.ts';
import { found, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { listOf, refuseCursorOfOther, toList, toPageRequest } from '../http/pagination.ts';
import { statementPath, statementPosting, statementPostingQuery } from './schema.ts';
import { readStoredPostings } from './stored-postings.ts';
import { viewOfStatementPosting, viewOfStoredPosting } from './view.ts';

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
    if (await mayMissPostings(row, deps)) {
      if (deps.storage === null) return refused('unavailable');
      const stored = await readStoredPostings({ reader: deps.reader, store: deps.storage.store }, row, request.page);
      return found(toList('statement_postings', stored, viewOfStoredPosting, params.id));
    }
    return found(toList('statement_postings', page, viewOfStatementPosting, params.id));
  },
});

/**
 * Whether postings of it may be in a month that is detached: it begins before those that are attached. Such a statement is ready, and its
 * documents have what the ledger had. To be asked after they were read.
 */
async function mayMissPostings(row: StatementRow, { reader }: Pick<Deps, 'reader'>): Promise<boolean> {
  if (row.status !== 'ready' || row.toSeq === row.fromSeq) return false;
  const attachedFrom = await readAttachedFrom(reader, row.tenantId);
  return attachedFrom !== null && (row.fromPostedAt === null || row.fromPostedAt < attachedFrom);
}
