import { z } from 'zod';
import type { Page, PageRequest, Place } from '../ledger/read/page.ts';

/** How long a page is unless asked otherwise, and at most. */
const limitDefault = 25;
const limitMost = 100;

/**
 * The parameters of a list: `limit` and `cursor`. A cursor is opaque and belongs to its list: one of another list, or one
 * that was tampered with, is refused. What it points at is filtered by tenant like everything else.
 */
export const pageOf = (list: string) => ({
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be a number from 1 to ${limitMost}`)
    .transform(Number)
    .refine((limit) => limit <= limitMost, `must be at most ${limitMost}`)
    .default(limitDefault)
    .meta({ description: `How many, at most ${limitMost}; ${limitDefault} unless given.` }),
  cursor: z
    .string()
    .max(256)
    .transform((text, context): Place | null => {
      const place = fromCursor(list, text);
      if (place === null)
        context.issues.push({
          code: 'custom',
          message: 'must be the next_cursor of an answer of this list',
          input: text,
        });
      return place;
    })
    .optional()
    .meta({ description: '`next_cursor` of the page before.' }),
});

/** What the parameters of {@link pageOf} ask for. */
export const toPageRequest = (query: { limit: number; cursor?: Place | null | undefined }): PageRequest => ({
  limit: query.limit,
  after: query.cursor ?? null,
});

/** The body of a list: its things as clients see them, and where the next page begins. */
export const toList = <Row, View>(list: string, page: Page<Row>, view: (row: Row) => View) => ({
  data: page.rows.map(view),
  next_cursor: page.next === null ? null : toCursor(list, page.next),
});

/** The schema of a list of some thing. */
export const listOf = (id: string, thing: z.ZodType) =>
  z
    .strictObject({ data: z.array(thing), next_cursor: z.string().nullable() })
    .meta({ id, description: 'Newest first. `next_cursor` is null on the last page.' });

const toCursor = (list: string, { time, tiebreak }: Place): string =>
  Buffer.from(JSON.stringify([list, time, tiebreak])).toString('base64url');

// Forms of a time and a tiebreak that Postgres reads without an error.
const cursorForm = z.tuple([
  z.string(),
  z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00)$/),
  z.union([z.uuid(), z.string().regex(/^[0-9]{1,18}$/)]),
]);

function fromCursor(list: string, text: string): Place | null {
  const [name, time, tiebreak] = cursorForm.safeParse(parse(Buffer.from(text, 'base64url').toString())).data ?? [];
  return name === list &&
    time !== undefined &&
    tiebreak !== undefined &&
    Number.isFinite(Date.parse(time.replace(/\+00$/, 'Z')))
    ? { time, tiebreak }
    : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not one of our cursors; the schema refuses the null.
    return null;
  }
}
