import canonicalize from 'canonicalize';
import { check } from '../domain/check.ts';

/** The bytes of RFC 8785: equal for equal values, in whatever sequence they are written. */
export function canonical(value: object): Uint8Array {
  const text = canonicalize(value);
  check(text !== undefined, 'an object has a canonical form');
  return new TextEncoder().encode(text);
}
