import { ok, type Result } from '../../domain/result.ts';
import type { StoredObjectRow } from '../../ledger/statements/store.ts';
import { documentNamedIn } from '../../statements/pdf/keyword.ts';
import type { ObjectStore, ObjectVersion, Retention } from '../../storage/port.ts';
import { sha256Of } from '../../storage/sha256.ts';
import { type Keyed, keyOf } from './keys.ts';

/** The part of an object store that the making of statements needs. */
export type StatementStore = Pick<ObjectStore, 'put' | 'versions' | 'head' | 'read'>;

/** Why a statement cannot be stored, however often it is tried: other bytes are under its key, or it would be deletable at once. */
export type StatementRefusal = { code: 'other_document' | 'other_pdf' | 'retention_over' };

/** The objects of which document these are, and until when they are kept. */
export type Place = { statement: Keyed; part: number; retention: Retention };

type Bytes = { bytes: Uint8Array; sha256: string };

const area = 'statements';
const types = { json: 'application/json', pdf: 'application/pdf' };

/** Puts a canonical document. Other bytes under its key: the database was restored to an earlier time, and the month was cut again. */
export async function putDocument(
  store: StatementStore,
  document: Bytes,
  place: Place,
): Promise<Result<StoredObjectRow, StatementRefusal>> {
  const put = await putObject(store, document, { ...place, format: 'json' });
  if (put.ok) return put;
  return refused(put.refusal.code === 'conflict' ? 'other_document' : put.refusal.code);
}

/**
 * Puts the PDF of a document. Another build of the renderer makes other bytes of the same document, so the one that a worker put before
 * it died is kept when it names this document. `isLikelyThere`: it is looked for before one is drawn.
 */
export async function putPdf(
  store: StatementStore,
  { draw, ofDocument, isLikelyThere }: { draw: () => Promise<Uint8Array>; ofDocument: string; isLikelyThere: boolean },
  place: Place,
): Promise<Result<StoredObjectRow, StatementRefusal>> {
  const key = keyOf(place.statement, { ...place, format: 'pdf' });
  const there = isLikelyThere ? await findPdf(store, key, ofDocument) : null;
  const pdf = there ?? withSha256(await draw());
  const put = await putObject(store, pdf, { ...place, format: 'pdf' });
  if (put.ok) return put;
  if (put.refusal.code === 'retention_over') return refused(put.refusal.code);
  const other = await readPdf(store, { area, key, versionId: put.refusal.versionId }, ofDocument);
  if (other === null) return refused('other_pdf');
  // Put again for its lock, which may have been for less time.
  const kept = await putObject(store, other, { ...place, format: 'pdf' });
  return kept.ok ? kept : refused('other_pdf');
}

async function putObject(store: StatementStore, { bytes, sha256 }: Bytes, at: Place & { format: 'json' | 'pdf' }) {
  const { statement, part, format, retention } = at;
  const key = keyOf(statement, { part, format });
  const put = await store.put({ area, key, bytes, sha256, type: types[format], retention });
  if (!put.ok) return put;
  const { mode, until } = retention;
  const { versionId } = put.value;
  const row = { format, part, key, versionId, sha256, bytes: bytes.length, mode, retainUntil: until.toISOString() };
  return ok<StoredObjectRow>(row);
}

async function findPdf(store: StatementStore, key: string, ofDocument: string): Promise<Bytes | null> {
  const { versions } = await store.versions({ area, prefix: key });
  const found = versions.find((version) => version.key === key && !version.isMarker);
  return found ? await readPdf(store, found, ofDocument) : null;
}

/** The PDF of that version, or null when it is not of this document. */
async function readPdf(store: StatementStore, at: ObjectVersion, ofDocument: string): Promise<Bytes | null> {
  const stored = await store.head(at);
  if (!stored.ok || stored.value.sha256 === null) return null;
  const { sha256 } = stored.value;
  const read = await store.read({ area, key: at.key, versionId: at.versionId, sha256 });
  return read.ok && documentNamedIn(read.value) === ofDocument ? { bytes: read.value, sha256 } : null;
}

const withSha256 = (bytes: Uint8Array): Bytes => ({ bytes, sha256: sha256Of(bytes) });

const refused = (code: StatementRefusal['code']): { ok: false; refusal: StatementRefusal } => ({
  ok: false,
  refusal: { code },
});
