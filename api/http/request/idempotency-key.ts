import { ok } from '../../../domain/result.ts';
import { denied, type Step } from '../answer.ts';

/**
 * Reads the `Idempotency-Key` header: 1 to 255 printable ASCII characters, bare or as the quoted string of the IETF draft;
 * `"abc"` and `abc` are one key. Case matters. Null when there is none and none is needed.
 * Refusals: `idempotency_key_missing`, `idempotency_key_invalid`. (A repeated header is refused before.)
 */
export function readIdempotencyKey(
  header: string | undefined,
  { isNeeded }: { isNeeded: boolean },
): Step<string | null> {
  if (header === undefined) return isNeeded ? denied('idempotency_key_missing') : ok(null);
  const key = header.startsWith('"') ? unquoted(header) : header;
  return key !== null && keyForm.test(key) ? ok(key) : denied('idempotency_key_invalid');
}

const keyForm = /^[\x20-\x7e]{1,255}$/;
// RFC 8941: inside the quotes only a quote and a backslash are escaped, each with a backslash.
const quotedForm = /^"((?:[^"\\]|\\["\\]){1,255})"$/;

const unquoted = (header: string): string | null =>
  quotedForm.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? null;
