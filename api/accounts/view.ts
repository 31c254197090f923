import type { z } from 'zod';
import type { Balance } from '../../domain/account.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { AccountRow } from '../../ledger/read/account.ts';
import { sortedByName } from '../http/metadata.ts';
import type { AccountView, BalanceView, newAccount } from './schema.ts';

/** An account as clients see it, with its balance at that moment. */
export const viewOfAccount = (row: AccountRow, asOf: Date): AccountView => ({
  id: toPublic('account', row.id),
  object: 'account',
  name: row.name,
  currency: row.currency,
  kind: row.kind,
  status: row.status,
  overdraft_limit: row.overdraftLimit?.toString() ?? null,
  reference: row.reference,
  metadata: sortedByName(row.metadata),
  balance: viewOfBalance({ accountId: row.id, currency: row.currency }, row.balance, asOf),
  version: row.version,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});

/**
 * An account as it was opened. A pure function of the request and that instant: a repeated request gets the same
 * bytes, although the account may have changed since.
 */
export function viewAtOpening(id: Uuid, body: z.infer<typeof newAccount>, createdAt: Date): AccountView {
  const { name, kind, currency, overdraft_limit: limit, reference = null, metadata = {} } = body;
  const overdraftLimit = kind === 'funding' ? null : BigInt(limit ?? '0');
  const balance = { posted: 0n, held: 0n, seq: 0n, version: 0n };
  const row = {
    id,
    name,
    kind,
    currency,
    status: 'open' as const,
    overdraftLimit,
    reference,
    metadata,
    version: 1,
    createdAt,
    updatedAt: createdAt,
    balance,
  };
  return viewOfAccount(row, createdAt);
}

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
