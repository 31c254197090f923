import { toPublic } from '../../domain/ids.ts';
import { readAccount } from '../../ledger/read/account.ts';
import { listPostings, type PostingRow } from '../../ledger/read/postings.ts';
import { found, refused } from '../http/answer.ts';
import { archivedBefore, refuseDetached, refuseDetachedRange } from '../http/archived.ts';
import { operation } from '../http/operation.ts';
import { listOf, refuseCursorOfOther, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { accountPath, posting, postingQuery } from './schema.ts';

/** `GET /v1/accounts/{id}/postings`: what changed the balance, newest first, each with the balance after it. */
export const getPostings = operation({
  id: 'listPostings',
  summary: "List an account's postings",
  description: 'What changed the balance, newest first, each posting with the balance after it.',
  params: accountPath,
  query: postingQuery,
  shows: { type: 'account', of: ({ params }) => params.id },
  mayLag: true,
  status: 200,
  success: 'One page of postings.',
  endsAtArchive: true,
  response: listOf('Postings', posting),
  refusals: ['not_found', 'archived'],
  run: async ({ params, query, caller }, deps) => {
    const row = await readAccount(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const cursor = refuseCursorOfOther(query, params.id);
    if (!cursor.ok) return cursor;
    const page = await listPostings(deps.reader, caller.tenantId, {
      accountId: params.id,
      filter: toFilter(query),
      page: toPageRequest(query),
    });
    for (const complete of [
      await refuseDetachedRange(query, caller, deps),
      query.cursor ? await refuseDetached(new Date(query.cursor.time), caller, deps) : null,
    ])
      if (complete && !complete.ok) return complete;
    return found(toList('postings', page, viewOfPosting, params.id), await archivedBefore(page, caller, deps));
  },
});

const viewOfPosting = (row: PostingRow) => ({
  id: toPublic('posting', row.id),
  object: 'posting' as const,
  account_id: toPublic('account', row.accountId),
  entry_id: toPublic('entry', row.entryId),
  transfer_id: row.transferId === null ? null : toPublic('transfer', row.transferId),
  seq: row.seq.toString(),
  amount: row.signed.toString(),
  balance_after: row.balanceAfter.toString(),
  effective_at: row.effectiveAt.toISOString(),
  created_at: row.createdAt.toISOString(),
});
