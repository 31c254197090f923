import { readEvents } from '../../ledger/read/events.ts';
import { readTransfer } from '../../ledger/read/transfers.ts';
import { event } from '../events/schema.ts';
import { viewOfEvent } from '../events/view.ts';
import { found, refused } from '../http/answer.ts';
import { refuseDetached } from '../http/archived.ts';
import { pathId } from '../http/fields.ts';
import { operation } from '../http/operation.ts';
import { allOf } from './schema.ts';

/** `GET /v1/transfers/{id}/events`: the transfer's story, from its beginning. */
export const getTransferEvents = operation({
  id: 'listTransferEvents',
  summary: "Read a transfer's story",
  description: 'Every change of its state, oldest first, with the evidence.',
  params: pathId('transfer'),
  mayLag: true,
  status: 200,
  success: 'The events, all in one page.',
  response: allOf('Events', event),
  refusals: ['not_found', 'archived'],
  run: async ({ params, caller }, deps) => {
    const row = await readTransfer(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const rows = await readEvents(deps.reader, caller.tenantId, { transferId: row.id, since: row.createdAt });
    const attached = await refuseDetached(row.createdAt, caller, deps);
    if (!attached.ok) return attached;
    return found({ data: rows.map(viewOfEvent), next_cursor: null });
  },
});
