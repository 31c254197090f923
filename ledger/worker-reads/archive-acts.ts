import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import type { ArchiveAccessRow, ArchiveActRow, ArchiveRefusedSignInRow } from '../archive/rows.ts';
import { platformId } from '../archive/salts.ts';
import type { RecordRange } from './archive-batches.ts';

/** A page of what these transactions wrote: behind the row of which `after` is the place. */
export type ArchivePage = RecordRange & { after: string | null; limit: number };

const valuesOf = ({ fromXid, toXid, after, limit }: ArchivePage) => [fromXid, toXid, after, limit];

/** A page of a table along the index of its transactions. `$3` is a place: a transaction and an id. */
const paged = (table: string) => `
  from ledger.${table} r
  where r.xid >= $1::xid8 and r.xid < $2::xid8
    and ($3::text is null or (r.xid, r.id) > (split_part($3, ' ', 1)::xid8, split_part($3, ' ', 2)::uuid))
  order by r.xid, r.id limit $4`;
const common = (at: string) =>
  `r.id, r.tenant_id as "tenantId", r.xid::text as xid, ledger.rfc3339(r.${at}) as at, r.xid || ' ' || r.id as place`;

/** Who did what, of these transactions. */
export async function readArchiveActs(pool: pg.Pool, page: ArchivePage): Promise<ArchiveActRow[]> {
  const text = `select ${common('created_at')}, r.actor, r.action, r.subject, r.detail ${paged('audit')}`;
  return (await pool.query<ArchiveActRow>(text, valuesOf(page))).rows;
}

/** Who read what, as these transactions noted it. */
export async function readArchiveAccesses(pool: pg.Pool, page: ArchivePage): Promise<ArchiveAccessRow[]> {
  const text = `select ${common('minute')}, r.actor, r.subject_type as "subjectType", r.subject_id as "subjectId", r.count
    ${paged('archive_access')}`;
  return (await pool.query<ArchiveAccessRow>(text, valuesOf(page))).rows;
}

/** The refused sign-ins that these transactions noted. */
export async function readArchiveRefusedSignIns(pool: pg.Pool, page: ArchivePage): Promise<ArchiveRefusedSignInRow[]> {
  const text = `select ${common('window_at')}, r.reason, r.last4, encode(r.source_hash, 'hex') as "sourceHash", r.count,
    ledger.rfc3339(r.first_at) as "firstAt", ledger.rfc3339(r.last_at) as "lastAt" ${paged('archive_refused_sign_in')}`;
  return (await pool.query<ArchiveRefusedSignInRow>(text, valuesOf(page))).rows;
}

/** The last slice of a tenant: in which segment it is, its hash in hex, and how many records all its slices have. */
export type LastSlice = { n: number; sha256: string; records: number };

/** The last slices of these tenants; null is the platform. One without any is left out. */
export async function readLastSlices(
  pool: pg.Pool,
  tenantIds: readonly (Uuid | null)[],
): Promise<Map<Uuid | null, LastSlice>> {
  const { rows } = await pool.query<LastSlice & { tenantId: Uuid }>(
    `select t.tenant_id as "tenantId", t.n::int as n, encode(t.sha256, 'hex') as sha256, t.records::float8 as records
     from ledger.archive_tenant t where t.tenant_id = any($1)`,
    [tenantIds.map((id) => id ?? platformId)],
  );
  return new Map(rows.map(({ tenantId, ...slice }) => [tenantId === platformId ? null : tenantId, slice]));
}
