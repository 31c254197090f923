import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { AccountKind, AccountStatus, Balance } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { account, balance } from '../../drizzle/schema/accounts.ts';
import { balanceColumns, toBalance } from './balance.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, type Place, toPage } from './page.ts';
import { endOf, lookedAtMax, meeting, newestFirst } from './walk.ts';

/** An account with what it holds at the moment of reading. */
export type AccountRow = {
  id: Uuid;
  name: string;
  kind: AccountKind;
  currency: string;
  status: AccountStatus;
  /** Minor units below zero that it may go; null where nothing limits it. */
  overdraftLimit: bigint | null;
  reference: string | null;
  metadata: Record<string, string>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  balance: Balance;
};

/** The parameters of the list, as `GET /v1/accounts` names them. */
export type AccountFilter = {
  reference?: string | undefined;
  status?: AccountStatus | undefined;
  kind?: AccountKind | undefined;
};

const conditions: Conditions<AccountFilter> = {
  reference: (reference) => eq(account.reference, reference),
  status: (status) => eq(balance.status, status),
  kind: (kind) => eq(balance.kind, kind),
};

/** One account of the tenant, or null. */
export async function readAccount(reader: Reader, tenantId: Uuid, id: Uuid): Promise<AccountRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db.select(columns).from(account).innerJoin(balance, eq(balance.accountId, account.id)).where(eq(account.id, id)),
  );
  return rows[0] ? toRow(rows[0]) : null;
}

/**
 * The tenant's accounts, newest first, the platform's own among them. With several filters a page ends after
 * {@link lookedAtMax} accounts of the first: it may be short or empty, and yet have a next one.
 */
export async function listAccounts(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: AccountFilter; page: PageRequest },
): Promise<Page<AccountRow>> {
  const { by, along } = walkOf(filter);
  const { [by]: first, ...others } = filter;
  const rest = narrowing(others, conditions).filter((condition) => condition !== undefined);
  const count = rest.length > 0 ? lookedAtMax : page.limit + 1;
  const ids = along(and(...narrowing({ [by]: first }, conditions)), { tenantId, page, count });
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(account)
      .innerJoin(balance, eq(balance.accountId, account.id))
      .innerJoin(
        sql`${meeting(ids, { key: balance.accountId, conditions: rest, limit: page.limit + 1 })} walked`,
        sql`walked.id = ${account.id}`,
      )
      .orderBy(newestFirst)
      .limit(page.limit + 1),
  );
  const found = toPage(rows.map(toRow), page.limit, placeOf);
  return found.next || rest.length === 0 ? found : { ...found, next: await readEnd(reader, tenantId, ids) };
}

type WalkBounds = { tenantId: Uuid; page: PageRequest; count: number };
type Walk = { by: keyof AccountFilter; along: (narrow: SQL | undefined, bounds: WalkBounds) => SQL };

/** Which index a filter goes along: of several the one whose rows are fewer as a rule. What is left is looked up by key, with the balance. */
function walkOf({ reference, status, kind }: AccountFilter): Walk {
  if (reference !== undefined) return { by: 'reference', along: alongAccounts };
  if (status !== undefined) return { by: 'status', along: alongBalances };
  return kind === undefined ? { by: 'reference', along: alongAccounts } : { by: 'kind', along: alongBalances };
}

/** Along the index of all accounts, or of those of one reference. */
const alongAccounts: Walk['along'] = (narrow, { tenantId, page, count }) =>
  sql`(select ${account.id}, ${account.createdAt} from ${account}
    where ${and(eq(account.tenantId, tenantId), narrow, after(page.after, account.createdAt, account.id))}
    order by ${desc(account.createdAt)}, ${desc(account.id)} limit ${count})`;

/** Along that of one status or one kind: they stand with the balance, and so does the time of its account. */
const alongBalances: Walk['along'] = (narrow, { tenantId, page, count }) =>
  sql`(select ${balance.accountId} as id, ${balance.createdAt} from ${balance}
    where ${and(eq(balance.tenantId, tenantId), narrow, after(page.after, balance.createdAt, balance.accountId))}
    order by ${desc(balance.createdAt)}, ${desc(balance.accountId)} limit ${count})`;

/** The last account that was looked at, where there may be more behind it. */
async function readEnd(reader: Reader, tenantId: Uuid, walked: SQL): Promise<Place | null> {
  const { id, createdAt } = account;
  const rows = await reader.read(tenantId, (db) =>
    db
      .select({ id, createdAt })
      .from(account)
      .where(sql`${id} = ${endOf(walked)}`),
  );
  return rows[0] ? placeOf(rows[0]) : null;
}

const placeOf = ({ id, createdAt }: Pick<AccountRow, 'id' | 'createdAt'>): Place => ({
  time: createdAt.toISOString(),
  tiebreak: id,
});

const columns = {
  id: account.id,
  name: account.name,
  kind: account.kind,
  currency: account.currency,
  status: balance.status,
  floor: balance.floor,
  reference: account.reference,
  metadata: account.metadata,
  // The balance has a version of its own.
  accountVersion: account.version,
  createdAt: account.createdAt,
  updatedAt: account.updatedAt,
  ...balanceColumns,
};

function toRow(
  row: { floor: bigint | null; accountVersion: number } & Omit<AccountRow, 'balance' | 'overdraftLimit' | 'version'> &
    Parameters<typeof toBalance>[0],
): AccountRow {
  const { id, name, kind, currency, status, floor, reference, metadata, createdAt, updatedAt } = row;
  const overdraftLimit = floor === null ? null : -floor;
  const own = { id, name, kind, currency, status, overdraftLimit, reference, metadata, createdAt, updatedAt };
  return { ...own, version: row.accountVersion, balance: toBalance(row) };
}
