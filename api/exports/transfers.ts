import type { Cell } from '../../domain/csv.ts';
import { toPublic } from '../../domain/ids.ts';
import { type ExportedTransfer, readTransfersMade } from '../../ledger/read/exports.ts';
import { operation } from '../http/operation.ts';
import { answerWith, type Export } from './export.ts';
import { csvFile, exportQuery } from './schema.ts';

/** `GET /v1/exports/transfers.csv`: the transfers that were made in a period, in their order. */
export const exportTransfers = operation({
  id: 'exportTransfers',
  summary: 'Export transfers',
  description:
    'A CSV file of the transfers that were made in a period, oldest first, as they are now. Amounts are minor units. It is complete if the answer ends as HTTP says that it does: one that breaks off has no last chunk, and every client reports that as an error. The trailer `Row-Count` has the number of rows. One export of a tenant at a time.',
  query: exportQuery,
  status: 200,
  success: 'The file.',
  response: csvFile,
  responseType: 'text/csv',
  refusals: [],
  run: async ({ query: period, caller: { tenantId } }, deps) => answerWith(transfers, { tenantId, period }, deps),
});

/** Rows of a page: a read of milliseconds, and about a hundred kilobytes. */
const pageMax = 500;

const columns: Record<string, (row: ExportedTransfer) => Cell> = {
  id: ({ id }) => toPublic('transfer', id),
  created_at: ({ createdAt }) => createdAt.toISOString(),
  completed_at: ({ completedAt }) => completedAt?.toISOString() ?? null,
  status: ({ state }) => state,
  amount: ({ amount }) => amount.toString(),
  currency: ({ currency }) => currency,
  rail: ({ rail }) => rail,
  source_account_id: ({ sourceAccountId }) => sourceAccountId && toPublic('account', sourceAccountId),
  destination_account_id: ({ destinationAccountId }) =>
    destinationAccountId && toPublic('account', destinationAccountId),
  destination_name: ({ destinationBank }) => ({ text: destinationBank?.name ?? null }),
  reference: ({ reference }) => ({ text: reference }),
  description: ({ description }) => ({ text: description }),
  refusal: ({ refusalCode }) => refusalCode,
  entry_id: ({ entryId }) => entryId && toPublic('entry', entryId),
  reverses_id: ({ reversesId }) => reversesId && toPublic('transfer', reversesId),
  reversed_by_id: ({ reversedById }) => reversedById && toPublic('transfer', reversedById),
};
const cells = Object.values(columns);

const transfers: Export = {
  name: 'transfers',
  columns: Object.keys(columns),
  async *pages(reader, tenantId, period) {
    let after: ExportedTransfer | undefined;
    for (;;) {
      const rows = await readTransfersMade(reader, tenantId, { ...period, after, limit: pageMax });
      yield rows.map((row) => cells.map((cell) => cell(row)));
      if (rows.length < pageMax) return;
      after = rows.at(-1);
    }
  },
};
