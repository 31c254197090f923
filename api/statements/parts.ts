import { check } from '../../domain/check.ts';
import { postingsPerPart } from '../../domain/statement.ts';
import { listStatementObjects, type StatementObjectRow, type StatementRow } from '../../ledger/read/statements.ts';
import { type DocumentWithPostings, readDocument } from '../../statements/schema.ts';
import type { ObjectStore } from '../../storage/port.ts';
import type { Deps } from '../deps.ts';

/** How many documents a statement has; several have a list of them too. */
export const partCount = ({ fromSeq, toSeq }: Pick<StatementRow, 'fromSeq' | 'toSeq'>): number =>
  Math.max(1, Math.ceil(Number(toSeq - fromSeq) / postingsPerPart));

/** What is stored of a part, null: of the whole, or the list of the parts. Null while the statement is not ready. */
export async function readPart(
  { reader }: Pick<Deps, 'reader'>,
  row: StatementRow,
  { format, part }: { format: 'json' | 'pdf'; part: number | null },
): Promise<StatementObjectRow | null> {
  // A statement of one document has it as number 0.
  const number = partCount(row) === 1 ? 0 : (part ?? 0);
  const its = { statementId: row.id, format, after: number - 1, limit: 1 };
  const [found] = await listStatementObjects(reader, row.tenantId, its);
  return found?.part === number ? found : null;
}

/** Where documents are read: which there are, and their bytes. */
export type DocumentSource = Pick<Deps, 'reader'> & { store: ObjectStore };

/** The stored document of a part of a statement that is ready, null: of the whole. */
export async function readDocumentOf(
  { reader, store }: DocumentSource,
  row: StatementRow,
  part: number | null,
): Promise<DocumentWithPostings> {
  const object = await readPart({ reader }, row, { format: 'json', part });
  check(object, 'a statement that is ready has its documents');
  const { key, versionId, sha256 } = object;
  const read = await store.read({ area: 'statements', key, versionId, sha256: sha256.toString('hex') });
  check(read.ok, 'what was stored is there');
  const document = readDocument(read.value);
  check('postings' in document, 'a part has its postings');
  return document;
}
