import { check } from '../../domain/check.ts';
import { toPublic } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import type { StatementObjectRow, StatementRow } from '../../ledger/read/statements.ts';
import type { Deps } from '../deps.ts';
import { type HttpResult, refused } from '../http/answer.ts';
import { partCount, readPart } from './parts.ts';
import type { FileFormat } from './schema.ts';

/** Said where there is no store. */
export const noStorage = 'This installation keeps no files (STORAGE_URL), so it makes no statements.';

/** What a client wants to download. `part` null: the whole, or of a statement with parts the list of them. */
export type WantedFile = { format: FileFormat; part: number | null };

/** The stored object that a file is, or is made of, and the name that it is downloaded under. */
export type StatementFile = { object: StatementObjectRow; filename: string };

const endings: Record<FileFormat, string> = { pdf: 'pdf', json: 'json', csv: 'csv', camt: 'xml' };

/** Which format is stored, for each that can be asked for. */
const stored = { pdf: 'pdf', json: 'json', csv: 'json', camt: 'json' } as const satisfies Record<FileFormat, string>;

/** Finds what a file is made of. Refusals: `statement_not_ready`, `validation_failed` for a part that there is not. */
export async function findFile(
  row: StatementRow,
  { format, part }: WantedFile,
  { reader }: Pick<Deps, 'reader'>,
): Promise<HttpResult<StatementFile>> {
  if (row.status !== 'ready') return refused('statement_not_ready');
  const count = partCount(row);
  if (part !== null && part > count) return refusePart(`must be at most ${count}: so many parts it has`);
  if (format === 'camt' && part === null && count > 1)
    return refusePart(`is required: a message has the postings of one part, and there are ${count}`);
  const object = await readPart({ reader }, row, { format: stored[format], part });
  check(object, 'a statement that is ready has its objects');
  return ok({ object, filename: filenameOf(row, object, endings[format]) });
}

const refusePart = (message: string) =>
  refused('validation_failed', { errors: [{ pointer: '/part', code: 'invalid_value', message }] });

/** The account, and what the object is called: no two files of a tenant have one name. */
function filenameOf({ accountId }: StatementRow, { key }: StatementObjectRow, ending: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, '');
  return `${toPublic('account', accountId)}-${name}.${ending}`;
}
