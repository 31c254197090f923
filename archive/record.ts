import type { KeyObject } from 'node:crypto';
import { toPublic, type Uuid } from '../domain/ids.ts';
import type { ArchiveRow } from '../ledger/archive/rows.ts';
import { canonical } from './canonical.ts';
import { commitmentTo } from './commitment.ts';

/** What is recorded; `t` of a record. */
export type RecordType = 'entry' | 'event' | 'act' | 'statement' | 'access' | 'sign_in_refused';

/** A record, and what it is sorted by. `text`: its canonical JSON, without an end of line. */
export type BuiltRecord = {
  type: RecordType;
  tenantId: Uuid | null;
  xid: string;
  id: string;
  at: string;
  text: string;
};

/** What a record only commits to, and whose salt that is made with: an account's, a tenant's, or (null) the platform's. */
export type Secret = { subjectId: Uuid | null; value: unknown };

/** How the rows of one kind become records. `bodyOf` gets the commitment to what `secretOf` answers, or null. */
export type RecordKind<Row extends ArchiveRow> = {
  type: RecordType;
  secretOf(row: Row): Secret | null;
  bodyOf(row: Row, commitment: string | null): { id: string; [member: string]: unknown };
};

/** The record of a row. `committed`: what {@link RecordKind.secretOf} answers, with its salt; null where that is null. */
export function buildRecord<Row extends ArchiveRow>(
  { type, bodyOf }: RecordKind<Row>,
  row: Row,
  committed: { value: unknown; salt: KeyObject } | null,
): BuiltRecord {
  const { tenantId, xid, at } = row;
  const body = bodyOf(row, committed && commitmentTo(committed.value, committed.salt));
  const tenant = tenantId === null ? null : toPublic('tenant', tenantId);
  return { type, tenantId, xid, at, id: body.id, text: canonical({ at, ...body, t: type, tenant, xid }) };
}

/** The sequence of records inside a slice: by transaction, then by what they are, then by id. */
export const compareRecords = (a: BuiltRecord, b: BuiltRecord): number =>
  a.xid.length - b.xid.length || compare(a.xid, b.xid) || compare(a.type, b.type) || compare(a.id, b.id);

/** By code units, on every machine the same. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
