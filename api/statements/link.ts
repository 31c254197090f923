import { toPublic } from '../../domain/ids.ts';
import { readStatement, type StatementRow } from '../../ledger/read/statements.ts';
import type { Deps } from '../deps.ts';
import { created, refused } from '../http/answer.ts';
import { operation } from '../http/operation.ts';
import { NotAttempted } from '../ledger-verbs.ts';
import { signFile } from './file-token.ts';
import { findFile, noStorage, type StatementFile, type WantedFile } from './files.ts';
import { newStatementLink, statementLink, statementPath } from './schema.ts';

/** How long a link lives. Who has it can read the file, and it cannot be taken back. */
const linkSeconds = 300;

/** `POST /v1/statements/{id}/links`: a URL by which anyone can download one file of a statement for five minutes. */
export const createStatementLink = operation({
  id: 'createStatementLink',
  summary: 'Link to a file of a statement',
  description:
    'A URL by which the file can be downloaded for five minutes, without a key: of these very bytes, whatever happens to the statement. Each link is in the audit. Ask for one when somebody wants to download, and keep it nowhere.',
  params: statementPath,
  body: newStatementLink,
  shows: { type: 'statement', of: ({ params }) => params.id },
  status: 201,
  success: 'The link.',
  response: statementLink,
  refusals: ['not_found', 'statement_not_ready'],
  run: async ({ params, body, caller }, deps) => {
    const row = await readStatement(deps.reader, caller.tenantId, params.id);
    if (!row) return refused('not_found');
    const wanted = { format: body.format, part: body.part ?? null };
    const file = await findFile(row, wanted, deps);
    if (!file.ok) return file;
    const link = await linkTo(file.value, wanted, row, deps);
    if (link === null) return refused('not_attempted', { detail: noStorage });
    // Only a link that is written down is given away.
    const { tenantId, actor } = caller;
    const isNoted = await deps.ledger.noteStatementLink({
      ...{ tenantId, actor, statementId: row.id },
      ...{ format: wanted.format, part: wanted.part ?? 0 },
    });
    return isNoted ? created(viewOf(file.value, wanted, row, link), { Location: link.url }) : refused('not_found');
  },
});

type Link = { url: string; expiresAt: Date };

/** To the stored object itself, or to us, who make the file of it. Null: there is no store. */
async function linkTo(
  { object: { key, versionId }, filename }: StatementFile,
  { format, part }: WantedFile,
  { id: statementId, tenantId }: StatementRow,
  { storage, ledger, publicUrl }: Deps,
): Promise<Link | null> {
  if (storage === null) return null;
  if (format === 'pdf' || format === 'json') {
    const at = { area: 'statements', key, versionId } as const;
    return storage.store.link(at, { filename, seconds: linkSeconds }).catch(notAttempted);
  }
  const expiresAt = new Date(Date.now() + linkSeconds * 1_000);
  const claim = { tenantId, statementId, format, part, until: expiresAt.getTime() };
  return { url: `${publicUrl}/files/${signFile(await ledger.readLinkKey(), claim)}`, expiresAt };
}

/** Until the link is noted nothing is written. */
const notAttempted = (error: unknown): never => {
  throw new NotAttempted('the store makes no link now', { cause: error });
};

function viewOf({ object, filename }: StatementFile, { format, part }: WantedFile, { id }: StatementRow, link: Link) {
  const isStored = format === 'pdf' || format === 'json';
  return {
    object: 'statement_link' as const,
    statement_id: toPublic('statement', id),
    ...{ format, part, url: link.url, filename },
    expires_at: link.expiresAt.toISOString(),
    sha256: isStored ? object.sha256.toString('hex') : null,
    bytes: isStored ? object.bytes : null,
  };
}
