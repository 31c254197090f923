import { workflowUrl } from '../../config/temporal.ts';
import type { Uuid } from '../../domain/ids.ts';
import { readTransfer, type TransferRow } from '../../ledger/read/transfers.ts';
import { groupWorkflowId, inquiryWorkflowId } from '../../workflows/contract/ids.ts';
import type { Deps } from '../deps.ts';
import { found, refused } from '../http/answer.ts';
import { pathId } from '../http/fields.ts';
import { type Caller, operation } from '../http/operation.ts';
import { type TransferView, transfer } from './schema.ts';
import { viewNow } from './view.ts';

/** `GET /v1/transfers/{id}`: the transfer in its current state. */
export const getTransfer = operation({
  id: 'getTransfer',
  summary: 'Read a transfer',
  description: 'The transfer in its current state: `next` says what comes next, when, and whom it waits for.',
  params: pathId('transfer'),
  status: 200,
  success: 'The transfer.',
  response: transfer,
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readTransfer(deps.reader, caller.tenantId, params.id);
    return row ? found(viewFor(caller, row, deps)) : refused('not_found');
  },
});

/** What a caller sees of a transfer: an operator also sees the workflow that works on it, or worked on it last. */
export function viewFor(caller: Caller, row: TransferRow, { temporal }: Pick<Deps, 'temporal'>): TransferView {
  const view = viewNow(row);
  // A reversal is one commit of the ledger: no workflow works on it.
  if (!caller.scopes.includes('operations') || row.reversesId !== null) return view;
  const id = workflowOf(row);
  return { ...view, workflow: { id, url: workflowUrl(temporal, id) } };
}

/** While the outcome is unknown, the transfer has its own workflow; otherwise the group that carries or made it. */
function workflowOf(row: TransferRow): string {
  const group: Uuid = row.carrier ?? row.createdByGroup;
  return row.state === 'unknown' ? inquiryWorkflowId(row.id) : groupWorkflowId(row.rail, group);
}
