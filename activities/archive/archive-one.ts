import { checkpointText } from '../../archive/checkpoint.ts';
import { countsOf, isSameContent, manifestText } from '../../archive/manifest.ts';
import { signedNote, textOfNote } from '../../archive/signed-note.ts';
import { append, leafHash, rootOf } from '../../archive/tree.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { BegunSegment } from '../../ledger/archive/begin-segment.ts';
import { finishArchiveSegment } from '../../ledger/archive/finish-segment.ts';
import type { ArchiveDeps, ArchiveTools } from './deps.ts';
import type { ArchiveRefusal } from './put.ts';
import { putContent } from './put-content.ts';
import { putterOf } from './putter.ts';
import { type ReadTools, readRecords } from './read-records.ts';

/** What a segment is made with. */
export type SegmentTools = ArchiveTools & ReadTools & Pick<ArchiveDeps, 'origin' | 'software' | 'retention'>;

/**
 * Makes a segment that is begun: reads what its transactions wrote, puts its objects, each of which is named by the next one, and records that it is in
 * the store. A worker that dies in it leaves nothing undone: the next try makes the same, and what is there stays. Throws what the database, the store and
 * the signers throw.
 */
export async function archiveOne(
  begun: BegunSegment,
  tools: SegmentTools,
): Promise<Result<{ records: number }, ArchiveRefusal>> {
  const { signers, software, origin, pool } = tools;
  const put = putterOf(begun, tools);
  const built = await readRecords(begun, tools);
  const records = built.length;
  const content = await putContent(built, { n: begun.n, put, pool });
  if (!content.ok) return content;
  if (content.value === 'finished') return ok({ records });
  const { objects, slices, named } = content.value;

  const facts = { ...begun, origin };
  const maker = { signers: signers.map(({ verifierKey }) => verifierKey), software };
  const text = manifestText(facts, { types: countsOf(built), ...named, ...maker });
  const manifest = await put('manifest', text, (there) => isSameContent(textOf(there), text));
  if (!manifest.ok) return manifest;

  const tree = append(begun.tree, leafHash(manifest.value.bytes));
  const head = checkpointText(facts, tree);
  const note = await signedNote(head, signers);
  const checkpoint = await put('checkpoint', note, (there) => textOfNote(textOf(there)) === head);
  if (!checkpoint.ok) return checkpoint;

  const finished = await finishArchiveSegment(pool, {
    ...{ n: begun.n, epoch: begun.epoch, records, root: rootOf(tree), tree, ...objects },
    checkpointText: textOf(checkpoint.value.bytes),
    manifest: manifest.value.object,
    checkpoint: checkpoint.value.object,
    tenants: slices.map(({ tenantId, sha256, records: own }) => ({ tenantId, sha256, records: own })),
  });
  if (finished !== 'conflict') return ok({ records });
  return { ok: false, refusal: { code: 'finished_otherwise', key: manifest.value.object.key } };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
