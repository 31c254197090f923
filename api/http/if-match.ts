import { z } from 'zod';
import { ok } from '../../domain/result.ts';
import type { HttpResult } from './answer.ts';
import { refuseHeader } from './request/validate.ts';

/** `"7"`, or several with commas between, or `*`. */
const tagsForm = /^(\*|"[\x21\x23-\x7e]*"([ \t]*,[ \t]*"[\x21\x23-\x7e]*")*)$/;
const versionForm = /^"([1-9][0-9]{0,8})"$/;
/** No thing has this version. */
const noVersion = 0;

/** The version in the body of a change, as it was read: the same condition as `If-Match`. */
export const versionCondition = z
  .int('must be a whole number')
  .min(1)
  .max(999_999_999)
  .optional()
  .meta({ description: 'The version that it must still have, as it was read: else 412. The same as `If-Match`.' });

/** The version that a change is for: that of `If-Match`, that of the body, or null for any. Two that differ are none. */
export function expectedVersion(ifMatch: number | null, version: number | undefined): number | null {
  if (ifMatch === null || version === undefined) return ifMatch ?? version ?? null;
  return ifMatch === version ? version : noVersion;
}

/** The `ETag` of a thing: the version of what may be changed of it. */
export const etagOf = (version: number): Record<string, string> => ({ ETag: `"${version}"` });

/**
 * The version that a thing must have for a change of it, from `If-Match`; null when any will do. A tag that is none of ours names no
 * version of the thing. Of several tags the newest counts: a thing never goes back to an older one. Refusal: `validation_failed`.
 */
export function readIfMatch(header: string | undefined): HttpResult<number | null> {
  if (header === undefined || header === '*') return ok(null);
  if (!tagsForm.test(header)) return refuseHeader('If-Match', 'must be the ETag of an earlier answer, in its quotes');
  const versions = header.split(',').map((tag) => Number(versionForm.exec(tag.trim())?.[1] ?? noVersion));
  return ok(Math.max(...versions));
}
