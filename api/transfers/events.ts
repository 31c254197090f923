import { toPublic } from '../../domain/ids.ts';
import { type EventRow, readEvents } from '../../ledger/read/events.ts';
import { readTransfer } from '../../ledger/read/transfers.ts';
import { found, refused } from '../http/answer.ts';
import { pathId } from '../http/fields.ts';
import { operation } from '../http/operation.ts';
import { allOf, event } from './schema.ts';

/** `GET /v1/transfers/{id}/events`: the transfer's story, from its beginning. */
export const getTransferEvents = operation({
  summary: "Read a transfer's story",
  description: 'Every change of its state, oldest first, with the evidence.',
  params: pathId('transfer'),
  status: 200,
  response: allOf('Events', event),
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readTransfer(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const rows = await readEvents(deps.reader, caller.tenantId, { transferId: row.id, since: row.createdAt });
    return found({ data: rows.map(viewOfEvent), next_cursor: null });
  },
});

/** `type` and `cause` are the same in a notice. */
function viewOfEvent(row: EventRow) {
  return {
    id: toPublic('event', row.id),
    object: 'event' as const,
    transfer_id: toPublic('transfer', row.transferId),
    version: row.version,
    type: `transfer.${row.toState}`,
    from: row.fromState,
    to: row.toState,
    cause: row.cause,
    evidence: viewOfEvidence(row.evidence),
    created_at: row.createdAt.toISOString(),
  };
}

/** The evidence of the step. `source` is where it comes from; clients know entries by their public ids. */
function viewOfEvidence({ entry_id: entryId, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return { ...rest, ...(typeof entryId === 'string' && { entry_id: toPublic('entry', entryId) }) };
}
