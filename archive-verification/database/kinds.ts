import type pg from 'pg';
import { toPublic, type Uuid } from '../../domain/ids.ts';

/**
 * What a row of the database says of itself, in the words of a record. `fields` are all that its record has, to the letter, `shown` those of which
 * it has what may be read. `hasSecret`: something of it may not be, so its record has a commitment.
 */
export type ExpectedRecord = {
  t: string;
  id: string;
  fields: Readonly<Record<string, unknown>>;
  shown: Readonly<Record<string, unknown>>;
  hasSecret: boolean;
};

/** Which transactions, the last not included. */
export type XidRange = { fromXid: string; toXid: string };

/** One kind of row: reads those that some transactions wrote, a page at a time. */
export type RowKind = (client: pg.ClientBase, range: XidRange) => AsyncGenerator<ExpectedRecord[], void, void>;

/** What the query of every kind answers besides its own columns. */
export type BaseRow = { id: Uuid; tenant_id: Uuid | null; xid: string; at: string; has_secret: boolean };

/** Rows of one read. */
const pageRows = 2_000;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * A kind of row. `query` has the parameters $1 and $2 (the transactions), $3 (an id, behind which it goes on) and $4 (how many), and answers by id.
 * `says`: what the row says besides what all say.
 */
export const kindOf = <Row extends BaseRow>(
  t: string,
  query: string,
  says: (row: Row) => { id: string; fields: object; shown?: object },
): RowKind =>
  async function* (client, { fromXid, toXid }) {
    for (let after: Uuid = beforeAll, isMore = true; isMore; ) {
      const { rows } = await client.query<Row>(query, [fromXid, toXid, after, pageRows]);
      yield rows.map((row) => {
        const { id, fields, shown = {} } = says(row);
        const tenant = idOrNull('tenant', row.tenant_id);
        const all = { ...fields, t, id, tenant, xid: row.xid, at: row.at };
        return { t, id, fields: all, shown: { ...shown }, hasSecret: row.has_secret };
      });
      after = rows.at(-1)?.id ?? after;
      isMore = rows.length === pageRows;
    }
  };

/** An instant as records have it. */
export const instant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The public id of a thing, or null where there is none. */
export const idOrNull = (thing: Parameters<typeof toPublic>[0], id: Uuid | null): string | null =>
  id === null ? null : toPublic(thing, id);
