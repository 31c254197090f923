import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { audit } from '../../drizzle/schema/access.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, type Place, toPage } from './page.ts';
import { endOf, lookedAtMax, meeting, newestFirst } from './walk.ts';

/** One change that somebody made. `subject` is a UUID, or the name of a rail; `createdAt` is text with microseconds. */
export type AuditRow = Omit<typeof audit.$inferSelect, 'tenantId' | 'xid'>;

/** The parameters of the list, as `GET /v1/audit` names them: subject and actor as the audit writes them. */
export type AuditFilter = {
  subject?: string | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  created_from?: Date | undefined;
  created_to?: Date | undefined;
};

const conditions: Conditions<Omit<AuditFilter, 'created_to'>> = {
  subject: (subject) => eq(audit.subject, subject),
  actor: (actor) => eq(audit.actor, actor),
  action: (action) => eq(audit.action, action),
  created_from: (from) => sql`${audit.createdAt} >= ${from.toISOString()}::timestamptz`,
};

/**
 * What was changed at the tenant's, newest first. With several of subject, actor and action a page ends after {@link lookedAtMax}
 * rows of the first: it may be short or empty, and yet have a next one.
 */
export async function listAudit(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: AuditFilter; page: PageRequest },
): Promise<Page<AuditRow>> {
  const { subject, actor, action, created_to, ...from } = filter;
  const [first, ...others] = narrowing({ subject, actor, action }, conditions).filter((one) => one !== undefined);
  const count = others.length > 0 ? lookedAtMax : page.limit + 1;
  const every = and(eq(audit.tenantId, tenantId), first, ...narrowing(from, conditions));
  const ids = sql`(select ${audit.id}, ${audit.createdAt} from ${audit}
    where ${and(every, after(page.after, audit.createdAt, audit.id, created_to))}
    order by ${desc(audit.createdAt)}, ${desc(audit.id)} limit ${count})`;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(audit)
      .innerJoin(
        sql`${meeting(ids, { key: audit.id, conditions: others, limit: page.limit + 1 })} walked`,
        sql`walked.id = ${audit.id}`,
      )
      .orderBy(newestFirst)
      .limit(page.limit + 1),
  );
  const found = toPage(rows, page.limit, placeOf);
  return found.next || others.length === 0 ? found : { ...found, next: await readEnd(reader, tenantId, ids) };
}

/** The last row that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: SQL): Promise<Place | null> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id: audit.id, createdAt: audit.createdAt })
      .from(audit)
      .where(sql`${audit.id} = ${endOf(walked)}`),
  );
  return rows[0] ? placeOf(rows[0]) : null;
}

const placeOf = ({ id, createdAt }: Pick<AuditRow, 'id' | 'createdAt'>): Place => ({ time: createdAt, tiebreak: id });

const columns = {
  id: audit.id,
  actor: audit.actor,
  action: audit.action,
  subject: audit.subject,
  detail: audit.detail,
  createdAt: audit.createdAt,
};
