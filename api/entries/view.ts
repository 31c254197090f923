import type { Leg } from '../../domain/entry.ts';
import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { EntryRow } from '../../ledger/read/entries.ts';
import { sortedByName } from '../http/metadata.ts';
import type { EntryView } from './schema.ts';

/** What of an entry its request said, and what the ledger made of it. */
export type Posted = {
  id: Uuid;
  legs: readonly Leg[];
  reversesId: Uuid | null;
  description: string | null;
  metadata: Record<string, string>;
  effectiveAt: string;
  createdAt: string;
};

/** An entry as it was when it was posted: the same for every repetition of its request. */
export const viewAtPosting = (entry: Posted): EntryView => ({
  id: toPublic('entry', entry.id),
  object: 'entry',
  legs: entry.legs.map(viewOfLeg),
  transfer_id: null,
  reverses_id: entry.reversesId === null ? null : toPublic('entry', entry.reversesId),
  reversed_by_id: null,
  description: entry.description,
  effective_at: entry.effectiveAt,
  metadata: sortedByName(entry.metadata),
  created_at: entry.createdAt,
});

/** An entry as it is now. */
export const viewOfEntry = (row: EntryRow): EntryView => ({
  ...viewAtPosting({
    ...row,
    effectiveAt: row.effectiveAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  }),
  transfer_id: row.transferId === null ? null : toPublic('transfer', row.transferId),
  reversed_by_id: row.reversedById === null ? null : toPublic('entry', row.reversedById),
});

const viewOfLeg = ({ debitAccountId, creditAccountId, amount, currency }: Leg) => ({
  debit_account_id: toPublic('account', debitAccountId),
  credit_account_id: toPublic('account', creditAccountId),
  amount,
  currency,
});
