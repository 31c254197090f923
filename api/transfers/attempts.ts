import { toPublic } from '../../domain/ids.ts';
import { type AttemptRow, readAttempts } from '../../ledger/read/attempts.ts';
import { readTransfer } from '../../ledger/read/transfers.ts';
import { found, refused } from '../http/answer.ts';
import { pathId } from '../http/fields.ts';
import { operation } from '../http/operation.ts';
import { allOf, attempt } from './schema.ts';

/** `GET /v1/transfers/{id}/attempts`: what was sent to the rail, and its answers. */
export const getTransferAttempts = operation({
  id: 'listTransferAttempts',
  summary: "Read a transfer's attempts",
  description: 'Its submissions to a rail, with every send. Empty for a book transfer, which has none.',
  params: pathId('transfer'),
  mayLag: true,
  status: 200,
  success: 'The attempts, all in one page.',
  response: allOf('Attempts', attempt),
  refusals: ['not_found'],
  run: async ({ params, caller }, deps) => {
    const row = await readTransfer(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const rows = await readAttempts(deps.reader, caller.tenantId, row.id);
    return found({ data: rows.map(viewOfAttempt), next_cursor: null });
  },
});

const viewOfAttempt = (row: AttemptRow) => ({
  id: `${toPublic('transfer', row.transferId)}/${row.n}`,
  object: 'attempt' as const,
  rail: row.rail,
  rail_key: row.railKey,
  outcome: row.outcome,
  rail_reference: row.railReference,
  code: row.code,
  sends: row.sends.map((send) => ({
    n: send.n,
    granted_at: send.grantedAt.toISOString(),
    outcome: send.outcome,
    code: send.code,
    rail_reference: send.railReference,
    answered_at: send.answeredAt?.toISOString() ?? null,
  })),
});
