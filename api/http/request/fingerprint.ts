import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Json } from './strict-json.ts';

/**
 * What makes two requests the same: SHA-256 over method, route and the body as it was sent, in canonical JSON (RFC 8785), hex.
 * Order of fields, white space, escapes and headers do not count; strings count byte by byte. A field that was left out is
 * not the same as one that was sent with its default, nor is one instant written in two ways: a client repeats what it
 * stored, and a print that depended on our schemas would change with them and refuse its key permanently
 * (docs/adr/0006-protected-twice-by-id.md). Ask only for a body that passed its schema: canonical JSON has no half characters.
 */
export function fingerprintOf({ method, route, body }: { method: string; route: string; body: Json }): string {
  return createHash('sha256')
    .update(`${method} ${route}\n${canonicalize(body) ?? ''}`)
    .digest('hex');
}
