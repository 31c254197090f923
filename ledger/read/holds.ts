import { and, desc, eq, getTableColumns, or, type SQL, sql } from 'drizzle-orm';
import type { HoldState } from '../../domain/hold.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { clientHold, holdRequest } from '../../drizzle/schema/holds.ts';
import type { HoldRow } from '../holds/act.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, type Place, toPage } from './page.ts';
import { endOf, lookedAtMax, meeting, newestFirst } from './walk.ts';

/** The parameters of the list, as `GET /v1/holds` names them. Every one narrows it. */
export type HoldFilter = {
  account_id?: Uuid | undefined;
  status?: HoldState | undefined;
  reference?: string | undefined;
};

const conditions: Conditions<HoldFilter> = {
  account_id: (id) => or(eq(clientHold.sourceAccountId, id), eq(clientHold.destinationAccountId, id)),
  status: (status) => eq(clientHold.state, status),
  reference: (reference) => eq(clientHold.reference, reference),
};

const shown = {
  ...getTableColumns(clientHold),
  // With the names of its tables: a column of a select from one table is written without.
  entryIds: sql<Uuid[]>`array(select capture.entry_id from ${holdRequest} capture
    where capture.hold_id = client_hold.id and capture.entry_id is not null
    order by capture.created_at, capture.id)`.as('entry_ids'),
};

/** One hold of the tenant, or null. */
export async function readHold(reader: Reader, tenantId: Uuid, id: Uuid): Promise<HoldRow | null> {
  const rows = await reader.read(tenantId, (db) => db.select(shown).from(clientHold).where(eq(clientHold.id, id)));
  return rows[0] ?? null;
}

/**
 * The tenant's holds, newest first. With several filters those beyond the one of the index are applied to the rows that a walk
 * along it meets, and a page ends after {@link lookedAtMax} of them: it may be short or empty, and yet have a next one.
 */
export async function listHolds(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: HoldFilter; page: PageRequest },
): Promise<Page<HoldRow>> {
  const { branches, others } = walkOf(filter);
  const rest = narrowing(others, conditions).filter((condition) => condition !== undefined);
  const count = rest.length === 0 ? page.limit + 1 : lookedAtMax;
  const every = and(eq(clientHold.tenantId, tenantId), after(page.after, clientHold.createdAt, clientHold.id));
  const walked = along(branches, every, count);
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(shown)
      .from(clientHold)
      .innerJoin(
        sql`${meeting(walked, { key: clientHold.id, conditions: rest, limit: page.limit + 1 })} walked`,
        sql`walked.id = ${clientHold.id}`,
      )
      .orderBy(newestFirst)
      .limit(page.limit + 1),
  );
  const found = toPage(rows, page.limit, placeOf);
  return found.next || rest.length === 0 ? found : { ...found, next: await readEnd(reader, tenantId, walked) };
}

/** `others`: the filters that the index does not answer. */
type Walk = { branches: (SQL | undefined)[]; others: HoldFilter };

/** Which index a list goes along: where several could, the one whose rows are fewer as a rule. A hold has two accounts. */
function walkOf({ reference, ...others }: HoldFilter): Walk {
  if (reference !== undefined) return { branches: [eq(clientHold.reference, reference)], others };
  const { account_id: id, ...rest } = others;
  if (id !== undefined)
    return { branches: [eq(clientHold.sourceAccountId, id), eq(clientHold.destinationAccountId, id)], others: rest };
  if (rest.status !== undefined) return { branches: [eq(clientHold.state, rest.status)], others: {} };
  return { branches: [undefined], others: {} };
}

/** The first so many rows (id, created_at). Each branch is ordered and limited by itself, whatever the planner knows of the data. */
function along(branches: (SQL | undefined)[], every: SQL | undefined, count: number): SQL {
  const rows = branches.map(
    (branch) => sql`(select ${clientHold.id}, ${clientHold.createdAt} from ${clientHold} where ${and(every, branch)}
      order by ${desc(clientHold.createdAt)}, ${desc(clientHold.id)} limit ${count})`,
  );
  const [only] = rows;
  if (only && rows.length === 1) return only;
  return sql`(${sql.join(rows, sql` union all `)} order by created_at desc, id desc limit ${count})`;
}

/** The last hold that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: SQL): Promise<Place | null> {
  const { id, createdAt } = clientHold;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id, createdAt })
      .from(clientHold)
      .where(sql`${id} = ${endOf(walked)}`),
  );
  return rows[0] ? placeOf(rows[0]) : null;
}

const placeOf = ({ id, createdAt }: Pick<HoldRow, 'id' | 'createdAt'>): Place => ({
  time: createdAt.toISOString(),
  tiebreak: id,
});
