import { check } from '../../domain/check.ts';
import { readStatement, type StatementRow } from '../../ledger/read/statements.ts';
import { toCamt } from '../../statements/camt/message.ts';
import { toCsv } from '../../statements/csv.ts';
import type { DocumentWithPostings } from '../../statements/schema.ts';
import type { ObjectStore } from '../../storage/port.ts';
import { linkHolder } from '../access-log/accesses.ts';
import type { Deps } from '../deps.ts';
import { csvType } from '../exports/schema.ts';
import { refuse } from '../http/middleware/problems.ts';
import type { Middleware } from '../http/middleware/state.ts';
import { tokenOf } from '../http/path-token.ts';
import { sendFile } from '../http/send-file.ts';
import { type FileClaim, readFileToken } from './file-token.ts';
import { findFile } from './files.ts';
import { partCount, readDocumentOf } from './parts.ts';

/** How long a client waits that came while its tenant downloads others. */
const busyMs = 5_000;

const types = { csv: csvType, camt: 'application/xml; charset=utf-8' } as const;

/**
 * `GET /files/{token}`: a file that is made of the stored documents of a statement, one part after the other. The token is all that
 * its caller needs, as with a link to the store.
 */
export const serveStatementFile =
  (deps: Deps): Middleware =>
  async (ctx) => {
    const claim = readFileToken(await deps.ledger.readLinkKey(), tokenOf(ctx), Date.now());
    if (claim === null || deps.storage === null) return refuse(ctx, { code: 'link_not_valid' });
    const end = deps.fileSlots.take(claim.tenantId);
    if (end === null) return refuse(ctx, { code: 'rate_limited', detail: busy, retryAfterMs: busyMs });
    try {
      const { row, filename } = await find(claim, deps);
      const parts = await open(row, claim, { reader: deps.reader, store: deps.storage.store });
      const { tenantId, statementId: subjectId } = claim;
      deps.accessLog.noteAccess({ tenantId, actor: linkHolder, subjectType: 'statement', subjectId });
      // Its place is given back here, also when it does not begin.
      await sendFile(ctx, { name: filename, type: types[claim.format], parts, end: () => {} });
    } finally {
      end();
    }
  };

const busy = 'Files of this tenant are being downloaded already, or too many of all are.';

async function find(claim: FileClaim, deps: Deps): Promise<{ row: StatementRow; filename: string }> {
  const row = await readStatement(deps.reader, claim.tenantId, claim.statementId);
  check(row, 'what a link was made to is there');
  const file = await findFile(row, claim, deps);
  check(file.ok, 'a link is made to a file that there is');
  return { row, filename: file.value.filename };
}

type Source = Pick<Deps, 'reader'> & { store: ObjectStore };
type Part = { text: string; rows: number };

/** The file, its first document read: what cannot be read at all is a refusal, and no file that breaks off. */
async function open(row: StatementRow, { format, part }: FileClaim, source: Source): Promise<AsyncGenerator<Part>> {
  const count = partCount(row);
  const [number, ...others] = part === null && count > 1 ? Array.from({ length: count }, (_, n) => n + 1) : [part];
  const first = await readDocumentOf(source, row, number ?? null);
  // Of a CSV no more than a part of the statement is in memory.
  const documents = (async function* () {
    yield first;
    for (const other of others) yield await readDocumentOf(source, row, other);
  })();
  return format === 'camt' ? toMessages(documents) : toRecords(documents);
}

async function* toRecords(documents: AsyncIterable<DocumentWithPostings>): AsyncGenerator<Part> {
  let rows = 0;
  const counted = (async function* () {
    for await (const document of documents) {
      rows += document.postings.length;
      yield document;
    }
  })();
  for await (const text of toCsv(counted)) {
    yield { text, rows };
    rows = 0;
  }
}

/** A message for each document; a link to one is a link to one document. */
async function* toMessages(documents: AsyncIterable<DocumentWithPostings>): AsyncGenerator<Part> {
  for await (const document of documents) {
    let rows = document.postings.length;
    for await (const text of toCamt(document)) {
      yield { text, rows };
      rows = 0;
    }
  }
}
