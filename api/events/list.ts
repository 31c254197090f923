import { type FeedPage, feedStart, readFeed, readFeedEnd } from '../../ledger/read/event-feed.ts';
import { found, refused } from '../http/answer.ts';
import { archivedBefore, refuseDetached } from '../http/archived.ts';
import { operation } from '../http/operation.ts';
import { toFeedCursor } from './cursor.ts';
import { eventFeed, feedQuery } from './schema.ts';
import { viewOfEvent } from './view.ts';

/** How long a client waits that came while too many wait already. */
const fullMs = 5_000;

/** `GET /v1/events`: every event of the tenant in one order, for a program that must miss none. */
export const getEvents = operation({
  id: 'listEvents',
  summary: 'Read the feed of events',
  description:
    'Everything that changed, oldest first. Keep `next_cursor` and send it as `after`: a program that does so misses no event and sees none twice. With `wait_ms` an answer waits for an event when there is nothing more to read.',
  query: feedQuery,
  status: 200,
  success: 'One page of events, and where the next one begins.',
  endsAtArchive: true,
  response: eventFeed,
  refusals: ['state_conflict', 'archived'],
  run: async ({ query, caller, gone }, deps) => {
    const { tenantId } = caller;
    const endsAt = performance.now() + query.wait_ms;
    const signal = gone();
    const headers = query.after === undefined ? await archivedBefore({ next: null }, caller, deps) : {};
    let after = query.after === 'latest' ? await readFeedEnd(deps.reader, tenantId) : (query.after ?? feedStart);
    for (;;) {
      const page = await readFeed(deps.reader, tenantId, { after, types: query.type ?? null, limit: query.limit });
      if (page === null) return setBack;
      // From the very beginning the feed begins where events are attached; a place among those that are not has lost what follows it.
      if (after.since !== feedStart.since) {
        const attached = await refuseDetached(new Date(after.since), caller, deps);
        if (!attached.ok) return attached;
      }
      const ms = endsAt - performance.now();
      // What a filter passes over is read by further requests, however long this one may wait: each counts, and costs a page.
      if (page.rows.length > 0 || page.hasMore || ms <= 0 || signal.aborted) return found(viewOfPage(page), headers);
      after = page.next;
      const end = await deps.feedNews.wait({ tenantId, xid: after.xid, since: after.since }, { ms, gone: signal });
      if (end === 'full') return refused('rate_limited', { detail: tooMany, retryAfterMs: fullMs });
      if (end === 'over') return found(viewOfPage(page), headers);
    }
  },
});

const tooMany = 'Too many requests wait for events already: 20 of one tenant, or 500 of all. Ask without wait_ms.';

const setBack = refused('state_conflict', {
  detail:
    'This cursor is ahead of the database, which was set back to an earlier state. Read on from an older cursor of yours, or from the beginning, and skip the ids that you have.',
});

const viewOfPage = (page: FeedPage) => ({
  data: page.rows.map(viewOfEvent),
  next_cursor: toFeedCursor(page.next),
  has_more: page.hasMore,
  as_of: page.asOf,
  withheld_since: page.withheldSince,
});
