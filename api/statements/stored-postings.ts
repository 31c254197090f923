import { postingsPerPart } from '../../domain/statement.ts';
import { type Page, type PageRequest, toPage } from '../../ledger/read/page.ts';
import type { StatementRow } from '../../ledger/read/statements.ts';
import { type DocumentPosting, postingsOf } from '../../statements/posting.ts';
import { type DocumentSource, partCount, readDocumentOf } from './parts.ts';

/** A page of the postings of a statement that is ready, from its stored documents: as `listStatementPostings` reads them from the ledger. */
export async function readStoredPostings(
  source: DocumentSource,
  row: StatementRow,
  { limit, after }: PageRequest,
): Promise<Page<DocumentPosting>> {
  const count = partCount(row);
  const behind = after ? BigInt(after.tiebreak) : row.fromSeq;
  const rows: DocumentPosting[] = [];
  for (let part = partOf(row, behind); part <= count && rows.length <= limit; part += 1) {
    const document = await readDocumentOf(source, row, count === 1 ? null : part);
    rows.push(...postingsOf(document).filter(({ seq }) => BigInt(seq) > behind));
  }
  return toPage(rows.slice(0, limit + 1), limit, ({ at, seq }) => ({
    time: new Date(at).toISOString(),
    tiebreak: seq,
  }));
}

/** Which part has the posting behind one of that number. */
const partOf = ({ fromSeq }: StatementRow, behind: bigint): number =>
  Math.floor(Math.max(0, Number(behind - fromSeq)) / postingsPerPart) + 1;
