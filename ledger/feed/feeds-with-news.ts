import type pg from 'pg';
import type { Uuid } from '../../domain/ids.ts';
import { call } from '../call.ts';

/** A reader of the feed that has seen everything below a transaction, at an instant (RFC 3339). */
export type FeedReader = { tenantId: Uuid; xid: string; since: string };

/** Which of these readers, at most 1,000, have something to read. Rules: ledger.feeds_with_news. */
export async function feedsWithNews<R extends FeedReader>(pool: pg.Pool, readers: readonly R[]): Promise<R[]> {
  const numbers = await call<number[]>(pool, 'select ledger.feeds_with_news($1, $2, $3) as answer', [
    readers.map(({ tenantId }) => tenantId),
    readers.map(({ xid }) => xid),
    readers.map(({ since }) => since),
  ]);
  return numbers.flatMap((n) => readers[n - 1] ?? []);
}
