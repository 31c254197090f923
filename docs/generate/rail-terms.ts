import { createHash } from 'node:crypto';
import type { RailTerms } from '../../domain/rail.ts';
import { networks } from '../../rails/index.ts';

/** The hash of each version of each rail's terms: `{instant: {"1": "3f…"}}`. */
export type SealedTerms = Record<string, Record<string, string>>;

/** A hash of terms, whatever the order of their names. */
export const hashOfTerms = (terms: RailTerms): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(terms).sort()))
    .digest('hex');

/** The hashes of the terms of all rails: those of versions already sealed stay as they are. A test compares them. */
export function sealedTerms(sealed: string): string {
  const known: SealedTerms = sealed === '' ? {} : JSON.parse(sealed);
  for (const { name, terms, termsVersion } of networks) {
    const versions = known[name] ?? {};
    versions[termsVersion] ??= hashOfTerms(terms);
    known[name] = versions;
  }
  return `${JSON.stringify(known, null, 2)}\n`;
}
