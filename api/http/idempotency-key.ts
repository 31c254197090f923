import { toPublic, type Uuid } from '../../domain/ids.ts';
import type { IdempotencyKey } from '../../ledger/access/idempotency-key.ts';
import { denied } from './answer.ts';
import type { Asked } from './operation.ts';

/** The key of a request with its fingerprint, as the ledger takes it; null when the client sent none. */
export const idempotencyKeyOf = ({
  key,
  fingerprint,
}: Pick<Asked<unknown, unknown, unknown>, 'key' | 'fingerprint'>): IdempotencyKey | null =>
  key === null ? null : { key, fingerprint };

/** Refuses a key that belongs to another request, and names what that one moved. */
export const keyReused = ({ transferId, entryId }: { transferId: Uuid | null; entryId: Uuid | null }) =>
  denied('idempotency_key_reused', {
    ...(transferId !== null && { conflictingTransferId: toPublic('transfer', transferId) }),
    ...(entryId !== null && { conflictingEntryId: toPublic('entry', entryId) }),
    ...(transferId === null &&
      entryId === null && { detail: 'The key was used with another request, which moved no money.' }),
  });
