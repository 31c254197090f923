import { toPublic, type Uuid } from '../../domain/ids.ts';
import { ok } from '../../domain/result.ts';
import type { IdempotencyKey } from '../../ledger/access/idempotency-key.ts';
import { type HttpResult, refused } from './answer.ts';
import type { OperationInput } from './operation.ts';

/**
 * Reads the `Idempotency-Key` header: 1 to 255 printable ASCII characters, bare or as the quoted string of the IETF draft;
 * `"abc"` and `abc` are one key. Case matters. Null when there is none and the route does not need one.
 * Refusals: `idempotency_key_missing`, `idempotency_key_invalid`. (A repeated header is refused before.)
 */
export function readIdempotencyKey(
  header: string | undefined,
  { isNeeded }: { isNeeded: boolean },
): HttpResult<string | null> {
  if (header === undefined) return isNeeded ? refused('idempotency_key_missing') : ok(null);
  const key = header.startsWith('"') ? unquoted(header) : header;
  return key !== null && keyForm.test(key) ? ok(key) : refused('idempotency_key_invalid');
}

const keyForm = /^[\x20-\x7e]{1,255}$/;
// RFC 8941: inside the quotes only a quote and a backslash are escaped, each with a backslash.
const quotedForm = /^"((?:[^"\\]|\\["\\]){1,255})"$/;

const unquoted = (header: string): string | null =>
  quotedForm.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? null;

/** The key of a request with its fingerprint, as the ledger takes it; null when the client sent none. */
export const idempotencyKeyOf = ({
  key,
  fingerprint,
}: Pick<OperationInput<unknown, unknown, unknown>, 'key' | 'fingerprint'>): IdempotencyKey | null =>
  key === null ? null : { key, fingerprint };

/** Refuses a key that belongs to another request, and names what that request moved. */
export const keyReused = ({ transferId, entryId }: { transferId: Uuid | null; entryId: Uuid | null }) =>
  refused('idempotency_key_reused', {
    ...(transferId !== null && { conflictingTransferId: toPublic('transfer', transferId) }),
    ...(entryId !== null && { conflictingEntryId: toPublic('entry', entryId) }),
    ...(transferId === null &&
      entryId === null && { detail: 'The key was used with another request, which moved no money.' }),
  });
