import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import { entry, posting } from '../../drizzle/schema/entries.ts';
import { contradiction, transfer } from '../../drizzle/schema/transfers.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type PageRequest } from './page.ts';

/** The parameters of the list, as `GET /v1/entries` names them. Every one narrows it. From each `…_from` on, and before each `…_to`. */
export type EntryFilter = {
  account_id?: Uuid | undefined;
  transfer_id?: Uuid | undefined;
  created_from?: Date | undefined;
  created_to?: Date | undefined;
  effective_from?: Date | undefined;
  effective_to?: Date | undefined;
};

/** What each of them means for a row. */
export const conditions: Conditions<EntryFilter> = {
  account_id: (id) =>
    sql`exists (select from ${posting} where ${and(eq(posting.entryId, entry.id), eq(posting.createdAt, entry.createdAt), eq(posting.accountId, id))})`,
  transfer_id: (id) => eq(entry.transferId, id),
  created_from: (from) => gte(entry.createdAt, from),
  created_to: (to) => lt(entry.createdAt, to),
  effective_from: (from) => gte(entry.effectiveAt, from),
  effective_to: (to) => lt(entry.effectiveAt, to),
};

/**
 * The way along one index that a list takes. `by`: the filters that it answers. `rows`: the first so many rows (id, created_at,
 * sorted_at), newest first by `sorted_at`, which is the time of the commit or, where the list is of effective times, that.
 */
export type EntryWalk = { by: readonly (keyof EntryFilter)[]; rows: (count: number) => SQL };

/** Which index a filter goes along: where several could, the one whose rows are fewer as a rule. */
export function walkOf(tenantId: Uuid, filter: EntryFilter, page: PageRequest): EntryWalk {
  const { account_id, transfer_id, created_from, created_to, effective_from, effective_to } = filter;
  if (transfer_id !== undefined) return { by: ['transfer_id'], rows: ofTransfer(transfer_id, page) };
  if (account_id !== undefined)
    return { by: ['account_id', 'created_from', 'created_to'], rows: ofAccount(account_id, filter, page) };
  const own = eq(entry.tenantId, tenantId);
  if (effective_from !== undefined || effective_to !== undefined) {
    // No entry is dated more than two minutes ahead of its commit: older months have none of these.
    const commits = effective_from && gte(entry.createdAt, new Date(effective_from.getTime() - 120_000));
    const narrow = [own, commits, ...narrowing({ effective_from }, conditions)];
    return { by: ['effective_from', 'effective_to'], rows: along('effectiveAt', { page, to: effective_to, narrow }) };
  }
  const narrow = [own, ...narrowing({ created_from }, conditions)];
  return { by: ['created_from', 'created_to'], rows: along('createdAt', { page, to: created_to, narrow }) };
}

type Bounds = { page: PageRequest; to: Date | undefined; narrow: (SQL | undefined)[] };

const along =
  (name: 'createdAt' | 'effectiveAt', { page, to, narrow }: Bounds): EntryWalk['rows'] =>
  (count) =>
    sql`(select ${entry.id}, ${entry.createdAt}, ${entry[name]} as sorted_at from ${entry}
    where ${and(...narrow, after(page.after, entry[name], entry.id, to))}
    order by ${entry[name]} desc, ${entry.id} desc limit ${count})`;

/** An account's postings stand by time. Several of one entry are one. */
const ofAccount =
  (accountId: Uuid, { created_from, created_to }: EntryFilter, page: PageRequest): EntryWalk['rows'] =>
  (count) =>
    sql`(select distinct ${posting.entryId} as id, ${posting.createdAt}, ${posting.createdAt} as sorted_at
    from ${posting}
    where ${and(
      eq(posting.accountId, accountId),
      created_from && gte(posting.createdAt, created_from),
      after(page.after, posting.createdAt, posting.entryId, created_to),
    )}
    order by ${posting.createdAt} desc, ${posting.entryId} desc limit ${count})`;

/** The entry that completed the transfer, and those of reports that contradict it. Their ids have the time of their commits. */
const ofTransfer =
  (transferId: Uuid, page: PageRequest): EntryWalk['rows'] =>
  (count) =>
    sql`(select found.id, found.created_at, found.created_at as sorted_at
    from (
      select own.id, ledger.uuid_time(own.id) as created_at
      from (
        select ${transfer.entryId} as id from ${transfer} where ${eq(transfer.id, transferId)}
        union all
        select ${contradiction.entryId} from ${contradiction} where ${eq(contradiction.transferId, transferId)}
      ) own
      where own.id is not null
    ) found
    where ${page.after ? sql`(found.created_at, found.id) < (${page.after.time}::timestamptz, ${page.after.tiebreak}::uuid)` : sql`true`}
    order by found.created_at desc, found.id desc limit ${count})`;
