import { postingsPerPart } from '../../domain/statement.ts';
import { listStatementObjects, type StatementObjectRow, type StatementRow } from '../../ledger/read/statements.ts';
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
