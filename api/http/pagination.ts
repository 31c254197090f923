import { z } from 'zod';
import type { Page, PageRequest, Place } from '../../ledger/read/page.ts';

/** The default and the maximum length of a page. */
const limitDefault = 25;
/** Bounds the time of one read and the size of one answer. */
const limitMax = 100;

/**
 * The parameters of a list: `limit` and `cursor`. A cursor is opaque and belongs to its list: one of another list, or
 * a forged one, is refused. What it points at is filtered by tenant like every read.
 */
export const pageOf = (list: string) => ({
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be a number from 1 to ${limitMax}`)
    .transform(Number)
    .refine((limit) => limit <= limitMax, `must be at most ${limitMax}`)
    .default(limitDefault)
    .meta({ description: `How many, at most ${limitMax}; ${limitDefault} unless given.` }),
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

/** The parameters of {@link pageOf}, parsed. */
export const toPageRequest = (query: PageQuery): PageRequest => ({
  limit: query.limit,
  after: query.cursor ?? null,
});

/** The other parameters of a list, which narrow it: a question of `ledger/read` takes them under these names. */
export function toFilter<Query extends PageQuery>(query: Query): Omit<Query, keyof PageQuery> {
  const { limit: _limit, cursor: _cursor, ...filter } = query;
  return filter;
}

type PageQuery = { limit: number; cursor?: Place | null | undefined };

/** The body of a list: its things as clients see them, and where the next page begins. */
export const toList = <Row, View>(list: string, page: Page<Row>, view: (row: Row) => View) => ({
  data: page.rows.map(view),
  next_cursor: page.next === null ? null : toCursor(list, page.next),
});

/** The schema of a list of some thing. */
export const listOf = (id: string, thing: z.ZodType) =>
  z.strictObject({ data: z.array(thing), next_cursor: z.string().nullable() }).meta({
    id,
    description:
      'Newest first. `next_cursor` is null on the last page; a page before it may be short, even empty, when several filters are combined.',
  });

const toCursor = (list: string, { time, tiebreak }: Place): string =>
  Buffer.from(JSON.stringify([list, time, tiebreak])).toString('base64url');

// A client can change a cursor, so check that Postgres can read it.
const timeForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00)$/;
const cursorForm = z.tuple([z.string(), z.string().regex(timeForm).refine(isInCalendar), z.string()]);

/** Of two rows of one time a list sorts by id; an account's postings sort by number. */
const tiebreakForm = (list: string) =>
  list === 'postings' ? /^[0-9]{1,18}$/ : /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function fromCursor(list: string, text: string): Place | null {
  const [name, time, tiebreak] = cursorForm.safeParse(parse(Buffer.from(text, 'base64url').toString())).data ?? [];
  return name === list && time !== undefined && tiebreak !== undefined && tiebreakForm(list).test(tiebreak)
    ? { time, tiebreak }
    : null;
}

/** JavaScript reads 30 February as 2 March, and accepts a year 0. */
function isInCalendar(time: string): boolean {
  const read = new Date(time.replace(' ', 'T').replace(/\+00$/, 'Z'));
  return Number.isFinite(read.getTime()) && read.toISOString().slice(0, 10) === time.slice(0, 10) && time >= '0001';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not a cursor of this API; the schema refuses the null.
    return null;
  }
}
