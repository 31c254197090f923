import type { z } from 'zod';
import { ok } from '../../domain/result.ts';
import { readIsEntryOfKeyDetached, readIsEntryOfTransferDetached } from '../../ledger/read/detached.ts';
import { listEntries, readEntryByKey } from '../../ledger/read/entries.ts';
import type { Deps } from '../deps.ts';
import { found, type HttpResult, refused } from '../http/answer.ts';
import { archivedBefore, refuseDetached, refuseDetachedRange } from '../http/archived.ts';
import { pageOrByKey } from '../http/by-key.ts';
import { type Caller, operation } from '../http/operation.ts';
import { listOf, toFilter, toList, toPageRequest } from '../http/pagination.ts';
import { entry, entryQuery } from './schema.ts';
import { viewOfEntry } from './view.ts';

/** `GET /v1/entries`: newest first; with `idempotency_key`, the one entry that the key made. */
export const getEntries = operation({
  id: 'listEntries',
  summary: 'List entries',
  description:
    'Those of transfers among them. In the order in which they were posted, newest first; with `effective_from` or `effective_to` and without an account or a transfer, in the order of their dates.',
  query: entryQuery,
  mayLag: true,
  status: 200,
  success: 'A page of entries.',
  endsAtArchive: true,
  response: listOf('Entries', entry),
  refusals: ['validation_failed', 'archived'],
  run: async ({ query, caller }, deps) => {
    const { idempotency_key: key, ...list } = query;
    const [filter, page] = [toFilter(list), toPageRequest(list)];
    const rows = await pageOrByKey(
      { key, filter, page },
      {
        page: () => listEntries(deps.reader, caller.tenantId, { filter, page }),
        byKey: (made) => readEntryByKey(deps.reader, caller.tenantId, made),
      },
    );
    if (!rows.ok) return rows;
    const whole = await refuseIncomplete(query, caller, deps);
    if (!whole.ok) return whole;
    const headers = key === undefined ? await archivedBefore(rows.value, caller, deps) : {};
    return found(toList('entries', rows.value, viewOfEntry), headers);
  },
});

/** Refuses what asks for entries of a month that is detached. With a time of commits, dates ask for no more than is there. Refusal: `archived`. */
async function refuseIncomplete(
  query: z.infer<typeof entryQuery>,
  caller: Caller,
  deps: Pick<Deps, 'reader'>,
): Promise<HttpResult<null>> {
  const { idempotency_key: key, transfer_id: transferId, cursor } = query;
  const { reader } = deps;
  if (key !== undefined && (await readIsEntryOfKeyDetached(reader, caller.tenantId, key))) return refused('archived');
  if (transferId !== undefined && (await readIsEntryOfTransferDetached(reader, caller.tenantId, transferId)))
    return refused('archived');
  if (cursor) {
    const behind = await refuseDetached(new Date(cursor.time), caller, deps);
    if (!behind.ok && query.effective_from === undefined && query.effective_to === undefined) return behind;
  }
  const commits = { from: query.created_from, to: query.created_to };
  const dates = { from: query.effective_from, to: query.effective_to };
  const ranges = [commits, ...(commits.from === undefined ? [dates] : [])];
  for (const range of ranges) {
    const complete = await refuseDetachedRange(range, caller, deps);
    if (!complete.ok) return complete;
  }
  return ok(null);
}
