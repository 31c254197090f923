import type { Balance } from '../../domain/account.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { AccountRow } from '../../ledger/read/account.ts';
import type { AccountView, BalanceView } from './schema.ts';

/** An account as clients see it, with what it holds at that moment. */
export const viewOfAccount = (row: AccountRow, asOf: Date): AccountView => ({
  id: toPublic('account', row.id),
  object: 'account',
  name: row.name,
  currency: row.currency,
  kind: row.kind,
  status: row.status,
  overdraft_limit: row.overdraftLimit?.toString() ?? null,
  reference: row.reference,
  metadata: row.metadata,
  balance: viewOfBalance({ accountId: row.id, currency: row.currency }, row.balance, asOf),
  created_at: row.createdAt.toISOString(),
});

/** A balance as clients see it. A bigint cannot be JSON, and a number would lose digits: every figure is a string. */
export const viewOfBalance = (
  { accountId, currency }: { accountId: Uuid; currency: string },
  { posted, held, seq }: Pick<Balance, 'posted' | 'held' | 'seq'>,
  asOf: Date,
): BalanceView => ({
  object: 'balance',
  account_id: toPublic('account', accountId),
  currency,
  posted: posted.toString(),
  held: held.toString(),
  available: (posted - held).toString(),
  seq: seq.toString(),
  as_of: asOf.toISOString(),
});
