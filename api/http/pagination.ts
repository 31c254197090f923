import { z } from 'zod';
import type { Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import type { Page, PageRequest, Place } from '../../ledger/read/page.ts';
import { type HttpResult, refused } from './answer.ts';
import { asNumber } from './fields.ts';

/** The default and the maximum length of a page. */
const limitDefault = 25;
/** Bounds the time of one read and the size of one answer. */
const limitMax = 100;

/**
 * The parameters of a list: `limit` and `cursor`. A cursor is opaque and belongs to its list: one of another list, or
 * a forged one, is refused; so is one of another thing's list ({@link refuseCursorOfOther}). What it points at is filtered by tenant like every read.
 */
export const pageOf = (list: string) => ({
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be a number from 1 to ${limitMax}`)
    .transform(Number)
    .refine((limit) => limit <= limitMax, `must be at most ${limitMax}`)
    .default(limitDefault)
    .meta({
      description: `How many, at most ${limitMax}; ${limitDefault} unless given.`,
      override: asNumber({ minimum: 1, maximum: limitMax, default: limitDefault }),
    }),
  cursor: z
    .string()
    .max(256)
    .transform((text, context): PlaceOf | null => {
      const place = toPlace(list, text);
      if (place === null)
        context.issues.push({
          code: 'custom',
          message: cursorMessage,
          input: text,
        });
      return place;
    })
    .optional()
    .meta({ description: '`next_cursor` of the page before; absent: the first page.' }),
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

type PageQuery = { limit: number; cursor?: PlaceOf | null | undefined };

/** A place in the list of one thing, such as of an account's postings; `of` is empty where a tenant has one list. */
type PlaceOf = Place & { of: string };

const cursorMessage = 'must be the next_cursor of an answer of this list';

/** Refuses the cursor of another thing's list, such as of another account's postings: `validation_failed`. */
export const refuseCursorOfOther = ({ cursor }: PageQuery, of: Uuid): HttpResult<null> =>
  !cursor || cursor.of === of
    ? ok(null)
    : refused('validation_failed', {
        errors: [{ pointer: 'query/cursor', code: 'custom', message: cursorMessage }],
      });

/** The body of a list: its things as clients see them, and where the next page begins. `of`: the thing whose list it is. */
export const toList = <Row, View>(list: string, page: Page<Row>, view: (row: Row) => View, of: Uuid = '') => ({
  data: page.rows.map(view),
  next_cursor: page.next === null ? null : toCursor(list, { ...page.next, of }),
});

/** The schema of a list of some thing. */
export const listOf = (id: string, thing: z.ZodType) =>
  z.strictObject({ data: z.array(thing), next_cursor: z.string().nullable() }).meta({
    id,
    description:
      'Newest first. `next_cursor` is null on the last page; a page before it may be short, even empty, when several filters are combined.',
  });

const toCursor = (list: string, { time, tiebreak, of }: PlaceOf): string =>
  Buffer.from(JSON.stringify([list, time, tiebreak, ...(of === '' ? [] : [of])])).toString('base64url');

// A client can change a cursor, so check that Postgres can read it.
const timeForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00)$/;
const cursorForm = z.tuple([z.string(), z.string().regex(timeForm).refine(isInCalendar), z.string()]).rest(z.string());

/** Of two rows of one time a list sorts by id; these sort by number. */
const numbered = ['postings', 'periods', 'statement_postings', 'statement_runs'];
const tiebreakForm = (list: string) =>
  numbered.includes(list) ? /^[0-9]{1,18}$/ : /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The place that a cursor of this list points at; null for a text that is none. */
export function toPlace(list: string, text: string): PlaceOf | null {
  const [name, time, tiebreak, of = ''] =
    cursorForm.safeParse(parse(Buffer.from(text, 'base64url').toString())).data ?? [];
  return name === list && time !== undefined && tiebreak !== undefined && tiebreakForm(list).test(tiebreak)
    ? { time, tiebreak, of }
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
