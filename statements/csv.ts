import { setImmediate } from 'node:timers/promises';
import { type Cell, csvRecord } from '../domain/csv.ts';
import { type DocumentPosting, postingsOf } from './posting.ts';
import type { DocumentWithPostings } from './schema.ts';

type Posted = { document: DocumentWithPostings; posting: DocumentPosting };

/** What a file has of a posting. Amounts are minor units, as everywhere; a client's text is disarmed for spreadsheets. */
const columns: Record<string, (posted: Posted) => Cell> = {
  seq: ({ posting }) => posting.seq,
  created_at: ({ posting }) => posting.at,
  effective_at: ({ posting }) => posting.valueAt,
  amount: ({ posting }) => posting.amount.toString(),
  balance_after: ({ posting }) => posting.balanceAfter.toString(),
  currency: ({ document }) => document.account.currency,
  description: ({ posting }) => ({ text: posting.text }),
  counterparty: ({ posting }) => ({ text: posting.counterparty }),
  reference: ({ posting }) => ({ text: posting.reference }),
  transfer_id: ({ posting }) => posting.transferId,
  entry_id: ({ posting }) => posting.entryId,
  reverses_id: ({ posting }) => posting.reverses,
  is_late: ({ posting }) => String(posting.isLate),
};
const cells = Object.values(columns);

/** Rows of one piece: a few milliseconds of work, after which others have their turn. */
const rowsMax = 250;

/**
 * The postings of a statement as CSV (RFC 4180), piece by piece: the names of the columns, then the rows of each document. A statement with parts is the
 * documents of its parts, in their order.
 */
export async function* toCsv(
  documents: Iterable<DocumentWithPostings> | AsyncIterable<DocumentWithPostings>,
): AsyncGenerator<string, void, void> {
  yield csvRecord(Object.keys(columns));
  for await (const document of documents) {
    const rows = postingsOf(document);
    for (let i = 0; i < rows.length; i += rowsMax) {
      const records = rows.slice(i, i + rowsMax).map((posting) => cells.map((cell) => cell({ document, posting })));
      yield records.map(csvRecord).join('');
      await setImmediate();
    }
  }
}
