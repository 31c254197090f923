import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * What makes two requests the same: SHA-256 over method, route and the validated body in canonical JSON (RFC 8785), hex.
 * Order of fields, white space and headers do not count; strings count byte by byte.
 */
export function fingerprintOf({ method, route, body }: { method: string; route: string; body: unknown }): string {
  return createHash('sha256')
    .update(`${method} ${route}\n${canonicalize(body) ?? ''}`)
    .digest('hex');
}
