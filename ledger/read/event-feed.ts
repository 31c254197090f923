import { type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import type { EventRow } from './events.ts';

/**
 * A place in a tenant's feed: what was read, in the order of `xid`, `version` and `id`. `since`: when it was read, or when its event
 * was written if that was earlier (RFC 3339).
 */
export type FeedPlace = { xid: string; version: number; id: Uuid; since: string };

/** Before the first event. */
export const feedStart: FeedPlace = {
  xid: '0',
  version: 0,
  id: '00000000-0000-0000-0000-000000000000',
  since: '-infinity',
};

/**
 * A page of the feed. `next`: where to read on, also when there is nothing more now. `withheldSince`: when the oldest event was
 * committed that is not shown yet, because an earlier transaction is still open; null when there is none.
 */
export type FeedPage = {
  rows: EventRow[];
  next: FeedPlace;
  hasMore: boolean;
  asOf: string;
  withheldSince: string | null;
};

/** Events that a page with a filter looks at. */
const lookedAtMax = 2_000;

/**
 * The tenant's events after a place, oldest first, of some types (`transfer.completed`, `transfer.*`) or all. Events are ordered by
 * the transaction that wrote them, and read only below the horizon, the oldest transaction that is still open: what is read stays
 * complete, whatever commits later. Null when the place is beyond the horizon: this database was set back to an earlier state.
 */
export async function readFeed(
  reader: Reader,
  tenantId: Uuid,
  { after, types, limit }: { after: FeedPlace; types: readonly string[] | null; limit: number },
): Promise<FeedPage | null> {
  const count = types === null ? limit + 1 : lookedAtMax;
  const { rows } = await reader.read(tenantId, (db) => db.execute<Found>(question(tenantId, after, { types, count })));
  const [found] = rows;
  if (!found || BigInt(found.horizon.xid) < BigInt(after.xid)) return null;
  const { horizon, as_of: asOf, events } = found;
  const matching = events.filter(({ matches }) => matches);
  const kept = matching.slice(0, limit);
  const last = events.at(-1);
  // Where to read on: behind the last one shown, else behind the last one looked at, else at the horizon.
  const end = matching.length > limit ? kept.at(-1) : last?.n === count ? last : undefined;
  const next = end
    ? { xid: end.xid, version: end.version, id: end.id, since: earlier(end.at, asOf) }
    : { ...feedStart, xid: horizon.xid, since: asOf };
  const withheldSince = horizon.withheld_since;
  return { rows: kept.map(toRow), next, hasMore: end !== undefined, asOf, withheldSince };
}

/** Where the feed ends now: what happens later is read from there. */
export async function readFeedEnd(reader: Reader, tenantId: Uuid): Promise<FeedPlace> {
  const { rows } = await reader.read(tenantId, (db) =>
    db.execute<{ xid: string; as_of: string }>(
      sql`select ledger.feed_horizon() ->> 'xid' as xid, ledger.rfc3339(clock_timestamp()) as as_of`,
    ),
  );
  const [end] = rows;
  return end ? { ...feedStart, xid: end.xid, since: end.as_of } : feedStart;
}

/** Of two times that Postgres printed in one form. */
const earlier = (a: string, b: string): string => (a.localeCompare(b) < 0 ? a : b);

type Found = {
  horizon: { xid: string; withheld_since: string | null };
  as_of: string;
  events: FoundEvent[];
};
type FoundEvent = Omit<EventRow, 'createdAt'> & { at: string; xid: string; n: number; matches: boolean };

const toRow = ({ at, xid: _xid, n: _n, matches: _matches, ...row }: FoundEvent): EventRow => ({
  ...row,
  createdAt: new Date(at),
});

/** One statement, so that horizon and events are of one snapshot. Of the events that it looked at it returns those that match, and the last. */
function question(
  tenantId: Uuid,
  after: FeedPlace,
  { types, count }: { types: readonly string[] | null; count: number },
): SQL {
  // An event is at most 32 days older than the place before it: that spares the months before.
  return sql`with horizon as materialized (select ledger.feed_horizon() as read), walked as (
      select * from ledger.event
      where tenant_id = ${tenantId} and created_at >= ${after.since}::timestamptz - interval '32 days'
        and (xid, version, id) > (${after.xid}::xid8, ${after.version}::int, ${after.id}::uuid)
        and xid < (select (read ->> 'xid')::xid8 from horizon)
      order by xid, version, id limit ${count}
    ), numbered as (
      select *, row_number() over in_order as n, lead(id) over in_order is null as is_last, ${matching(types)} as matches
      from walked window in_order as (order by xid, version, id)
    )
    select horizon.read as horizon, ledger.rfc3339(clock_timestamp()) as as_of, coalesce((
        select jsonb_agg(jsonb_build_object('id', id, 'subjectType', subject_type, 'subjectId', subject_id, 'version', version,
          'fromState', from_state, 'cause', cause, 'toState', to_state, 'evidence', evidence, 'at', ledger.rfc3339(created_at),
          'xid', xid::text, 'n', n, 'matches', matches) order by n)
        from numbered where matches or is_last), '[]') as events
    from horizon`;
}

const matching = (types: readonly string[] | null): SQL =>
  types === null
    ? sql`true`
    : sql`array[ledger.event_family(subject_type) || '.*', ledger.event_type(subject_type, cause, to_state)] && ${sql.param([...types])}::text[]`;
