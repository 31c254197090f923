import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { StatementPosting, StatementSum } from '../../domain/statement.ts';
import type { StatementRow } from '../../ledger/read/statements.ts';
import type { DocumentPosting } from '../../statements/posting.ts';
import { partCount } from './parts.ts';
import type { StatementView } from './schema.ts';

/** A statement as clients see it. */
export const viewOfStatement = (row: StatementRow): StatementView => ({
  id: toPublic('statement', row.id),
  object: 'statement',
  account_id: toPublic('account', row.accountId),
  currency: row.currency,
  kind: row.kind,
  number: row.number,
  edition: row.edition,
  month: row.month,
  starts_at: row.fromAt.toISOString(),
  ends_at: row.toAt.toISOString(),
  zone: row.zone,
  opening_balance: row.opening.toString(),
  closing_balance: row.closing.toString(),
  money_in: flowOf(row, { count: row.countIn, amount: row.moneyIn }),
  money_out: flowOf(row, { count: row.countOut, amount: row.moneyOut }),
  late: flowOf(row, { count: row.lateCount, amount: row.lateAmount }),
  held: row.held.toString(),
  from_seq: row.fromSeq.toString(),
  to_seq: row.toSeq.toString(),
  status: row.status,
  document_sha256: row.documentSha256?.toString('hex') ?? null,
  parts: partCount(row),
  replaces_id: publicOrNull(row.replacesId),
  replaced_by_id: publicOrNull(row.replacedById),
  created_at: row.createdAt.toISOString(),
  ready_at: row.readyAt?.toISOString() ?? null,
});

/** A statement as it was cut: a repeated request gets the same bytes, although its files are made by then. */
export const viewAtCut = (row: StatementRow): StatementView =>
  viewOfStatement({ ...row, status: 'cut', documentSha256: null, replacedById: null, readyAt: null });

/** A posting as its statement prints it. */
export const viewOfStatementPosting = (row: StatementPosting) => ({
  object: 'statement_posting' as const,
  seq: row.seq.toString(),
  amount: row.amount.toString(),
  balance_after: row.balanceAfter.toString(),
  description: row.text,
  counterparty: row.counterparty,
  reference: row.reference,
  transfer_id: row.transferId && toPublic('transfer', row.transferId),
  entry_id: toPublic('entry', row.entryId),
  reverses_id: row.reverses && toPublic('entry', row.reverses),
  is_late: row.isLate,
  effective_at: toUtc(row.valueAt),
  created_at: toUtc(row.at),
});

/** The same of a stored document, which has the ids as clients see them. */
export const viewOfStoredPosting = (row: DocumentPosting) => ({
  object: 'statement_posting' as const,
  seq: row.seq,
  amount: row.amount.toString(),
  balance_after: row.balanceAfter.toString(),
  description: row.text,
  counterparty: row.counterparty,
  reference: row.reference,
  transfer_id: row.transferId,
  entry_id: row.entryId,
  reverses_id: row.reverses,
  is_late: row.isLate,
  effective_at: toUtc(row.valueAt),
  created_at: toUtc(row.at),
});

/** They are summed while the statement is made. */
const flowOf = ({ status }: StatementRow, { count, amount }: StatementSum) =>
  status === 'ready' ? { count, amount: amount.toString() } : null;

/** A document prints them in the zone of the statement. */
const toUtc = (instant: string): string => new Date(instant).toISOString();

const publicOrNull = (id: Uuid | null): string | null => id && toPublic('statement', id);
