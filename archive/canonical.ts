import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { check } from '../domain/check.ts';

/** The text of RFC 8785: equal for equal values, in whatever sequence their members are written. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  check(text !== undefined, 'what is archived has a canonical form');
  return text;
}

/** SHA-256 in hex, of bytes or of the UTF-8 of a text. */
export const sha256Of = (value: Uint8Array | string): string => createHash('sha256').update(value).digest('hex');
