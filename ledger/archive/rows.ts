import type { SubjectType } from '../../domain/event.ts';
import type { Uuid } from '../../domain/ids.ts';
import type { StatementKind } from '../../domain/statement.ts';
import type { StoredObjectRow } from '../statements/store.ts';

/**
 * What every row has that the archive records: the transaction that wrote it, and when. `tenantId` null: it belongs to the platform. Instants are
 * RFC 3339 with milliseconds, in UTC.
 */
export type ArchiveRow = { id: Uuid; tenantId: Uuid | null; xid: string; at: string };

/** `place`: where it is among the rows of its kind; passed as `after`, the page behind it is read. */
export type PlacedRow = ArchiveRow & { place: string };

/** A posting of an entry. Amounts are minor units, `balanceAfter` is seen from the account's own side. */
export type ArchiveLeg = {
  leg: number;
  side: 'debit' | 'credit';
  accountId: Uuid;
  currency: string;
  amount: string;
  seq: string;
  balanceAfter: string;
};

/**
 * An entry with its postings, by leg, the debit first. `saltAccountId`: of the two accounts of its first leg the one that is debited, unless
 * only the other is a customer's; null where there is no text to commit to.
 */
export type ArchiveEntryRow = ArchiveRow & {
  tenantId: Uuid;
  transferId: Uuid | null;
  reversesId: Uuid | null;
  batchId: string;
  effectiveAt: string;
  description: string | null;
  metadata: Readonly<Record<string, string>>;
  saltAccountId: Uuid | null;
  legs: readonly ArchiveLeg[];
};

/**
 * An event. `saltAccountId`: the account that it is about; of a transfer's or a hold's its source, of an entry's the one that its row has; null
 * for a key or an endpoint.
 */
export type ArchiveEventRow = ArchiveRow & {
  tenantId: Uuid;
  subjectType: SubjectType;
  subjectId: Uuid;
  version: number;
  fromState: string | null;
  cause: string;
  toState: string;
  batchId: string;
  evidence: Readonly<Record<string, unknown>>;
  saltAccountId: Uuid | null;
};

/** A row of the audit: who did what to which thing. `subject`: an id, or the name of what has none. */
export type ArchiveActRow = PlacedRow & {
  actor: string;
  action: string;
  subject: string;
  detail: Readonly<Record<string, unknown>>;
};

/** A statement that became ready in that transaction, at that time. `objects`: what is stored of it, in any sequence. */
export type ArchiveStatementRow = ArchiveRow & {
  tenantId: Uuid;
  accountId: Uuid;
  kind: StatementKind;
  number: number | null;
  edition: number;
  month: string | null;
  fromSeq: string;
  toSeq: string;
  opening: string;
  closing: string;
  moneyIn: string;
  moneyOut: string;
  countIn: number;
  countOut: number;
  documentSha256: string;
  objects: readonly Omit<StoredObjectRow, 'mode' | 'retainUntil'>[];
};

/** How often somebody read an account, a balance or a statement in a minute; `at` is that minute. `subjectId` null: a list of them. */
export type ArchiveAccessRow = PlacedRow & {
  tenantId: Uuid;
  actor: string;
  subjectType: 'account' | 'balance' | 'statement';
  subjectId: Uuid | null;
  count: number;
};

/** Sign-ins that were refused in one window, by cause and source; `at` is the begin of that window. `sourceHash` in hex. */
export type ArchiveRefusedSignInRow = PlacedRow & {
  reason: string;
  last4: string | null;
  sourceHash: string | null;
  count: number;
  firstAt: string;
  lastAt: string;
};
