import { and, desc, eq } from 'drizzle-orm';
import type { AccountKind, AccountStatus, Balance } from '../../domain/account.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { Reader } from '../../drizzle/client.ts';
import { account, balance } from '../../drizzle/schema/accounts.ts';
import { balanceColumns, toBalance } from './balance.ts';
import { type Conditions, narrowing } from './filter.ts';
import { after, type Page, type PageRequest, toPage } from './page.ts';

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
  createdAt: Date;
  balance: Balance;
};

/** The parameters of the list, as `GET /v1/accounts` names them. */
export type AccountFilter = { reference?: string | undefined; status?: AccountStatus | undefined };

const conditions: Conditions<AccountFilter> = {
  reference: (reference) => eq(account.reference, reference),
  status: (status) => eq(balance.status, status),
};

/** One account of the tenant, or null. */
export async function readAccount(reader: Reader, tenantId: Uuid, id: Uuid): Promise<AccountRow | null> {
  const rows = await reader.read(tenantId, (db) =>
    db.select(columns).from(account).innerJoin(balance, eq(balance.accountId, account.id)).where(eq(account.id, id)),
  );
  return rows[0] ? toRow(rows[0]) : null;
}

/** The tenant's accounts, newest first, the platform's own among them. */
export async function listAccounts(
  reader: Reader,
  tenantId: Uuid,
  { filter, page }: { filter: AccountFilter; page: PageRequest },
): Promise<Page<AccountRow>> {
  const rows = await reader.read(tenantId, (db) =>
    db
      .select(columns)
      .from(account)
      .innerJoin(balance, eq(balance.accountId, account.id))
      .where(
        and(
          eq(account.tenantId, tenantId),
          ...narrowing(filter, conditions),
          after(page.after, account.createdAt, account.id),
        ),
      )
      .orderBy(desc(account.createdAt), desc(account.id))
      .limit(page.limit + 1),
  );
  return toPage(rows.map(toRow), page.limit, (row) => ({ time: row.createdAt.toISOString(), tiebreak: row.id }));
}

const columns = {
  id: account.id,
  name: account.name,
  kind: account.kind,
  currency: account.currency,
  status: balance.status,
  floor: balance.floor,
  reference: account.reference,
  metadata: account.metadata,
  createdAt: account.createdAt,
  ...balanceColumns,
};

function toRow(
  row: { floor: bigint | null } & Omit<AccountRow, 'balance' | 'overdraftLimit'> & Parameters<typeof toBalance>[0],
): AccountRow {
  const { id, name, kind, currency, status, floor, reference, metadata, createdAt } = row;
  const overdraftLimit = floor === null ? null : -floor;
  return { id, name, kind, currency, status, overdraftLimit, reference, metadata, createdAt, balance: toBalance(row) };
}
