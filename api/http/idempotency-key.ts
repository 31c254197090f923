import { z } from 'zod';
import { type Thing, toPublic } from '../../domain/ids.ts';
import type { KeyedThing, KeyReused } from '../../domain/key-conflict.ts';
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
  const key = toIdempotencyKey(header);
  return key === null ? refused('idempotency_key_invalid') : ok(key);
}

/** The same key as a parameter or a field, read by the same rules: asked with the text that was sent, the same key is found. */
export const idempotencyKey = z
  .string('must be text')
  // For those who read the document; the reader below decides.
  .meta({ pattern: '^[ \\t]*([!#-~]([ -~]{0,253}[!-~])?|"([ !#-\\[\\]-~]|\\\\["\\\\]){1,255}")[ \\t]*$' })
  .transform((text, context) => {
    const key = toIdempotencyKey(text);
    if (key === null)
      context.issues.push({ code: 'custom', message: 'must be 1 to 255 printable ASCII characters', input: text });
    return key ?? '';
  });

/** The one reader of a key, wherever it comes from. Null for a text that is none. White space around it never reaches us in a header. */
function toIdempotencyKey(text: string): string | null {
  const trimmed = text.replaceAll(/^[ \t]+|[ \t]+$/g, '');
  const key = trimmed.startsWith('"') ? unquoted(trimmed) : trimmed;
  return key !== null && keyForm.test(key) ? key : null;
}

const keyForm = /^[\x20-\x7e]{1,255}$/;
// RFC 8941: inside the quotes only a quote and a backslash are escaped, each with a backslash.
const quotedForm = /^"((?:[^"\\]|\\["\\]){1,255})"$/;

const unquoted = (text: string): string | null => quotedForm.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? null;

/** The key of a request with its fingerprint, as the ledger takes it; null when the client sent none. */
export const idempotencyKeyOf = ({
  key,
  fingerprint,
}: Pick<OperationInput<unknown, unknown, unknown>, 'key' | 'fingerprint'>): IdempotencyKey | null =>
  key === null ? null : { key, fingerprint };

/** What the ids of these things begin with. */
const idsOf = {
  transfer: 'transfer',
  entry: 'entry',
  hold: 'hold',
  account: 'account',
  api_key: 'apiKey',
  webhook_endpoint: 'webhookEndpoint',
  statement: 'statement',
} as const satisfies Record<KeyedThing, Thing>;

/** Refuses a key that belongs to another request, and names what that one made: one way for every route that takes a key. */
export const keyReused = ({ conflict }: Pick<KeyReused, 'conflict'>) =>
  refused(
    'idempotency_key_reused',
    conflict === null
      ? { detail: 'The key was used with another request, which was refused and made nothing.' }
      : { conflict: { thing: conflict.thing, id: toPublic(idsOf[conflict.thing], conflict.id) } },
  );
