import { ok } from '../../domain/result.ts';
import type { Page, PageRequest } from '../../ledger/read/page.ts';
import { type HttpResult, refused } from './answer.ts';

/** What a list was asked for: a page under filters, or what one idempotency key made. */
type Question = { key: string | undefined; filter: object; page: PageRequest };

/**
 * A page of a list, or the one thing that a key made, as a page. A key names its thing alone: beside another filter or a cursor
 * it is refused (`validation_failed`).
 */
export async function pageOrByKey<Row>(
  { key, filter, page }: Question,
  read: { page: () => Promise<Page<Row>>; byKey: (key: string) => Promise<Row | null> },
): Promise<HttpResult<Page<Row>>> {
  if (key === undefined) return ok(await read.page());
  if (page.after !== null || Object.values(filter).some((value) => value !== undefined)) {
    const message = 'cannot be combined with another filter';
    return refused('validation_failed', {
      errors: [{ pointer: 'query/idempotency_key', code: 'invalid_value', message }],
    });
  }
  const row = await read.byKey(key);
  return ok({ rows: row ? [row] : [], next: null });
}
