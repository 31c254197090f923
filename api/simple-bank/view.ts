import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { AccountRow } from '../../ledger/read/account.ts';
import type { TransferRow } from '../../ledger/read/transfers.ts';
import type { BankAccountView, BankTransferView } from './schema.ts';

/** An account as the simple bank shows it. */
export const viewOfAccount = ({ id, name, currency, balance }: AccountRow): BankAccountView => ({
  account_id: toPublic('account', id),
  name,
  currency,
  balance: balance.posted.toString(),
});

/** A transfer as the simple bank shows it. */
export const viewOfTransfer = (row: TransferRow): BankTransferView => ({
  transaction_id: toPublic('transfer', row.id),
  from: accountOrNull(row.sourceAccountId),
  to: accountOrNull(row.destinationAccountId),
  amount: row.amount.toString(),
  currency: row.currency,
  status: row.state,
  created_at: row.createdAt.toISOString(),
});

const accountOrNull = (id: Uuid | null): string | null => (id === null ? null : toPublic('account', id));
