import { check } from '../../domain/check.ts';

/** How an operation ends: since when it is deprecated, and when it stops working at the earliest. Days, UTC: `2027-01-31`. */
export type Deprecation = { since: string; sunset: string };

/** An operation works at least so long after it was deprecated (docs/versions.md). */
const deprecatedDaysMin = 365;

const policy = '</docs>; rel="deprecation"; type="text/html"';

/**
 * The headers of every answer of a deprecated operation: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and where the policy
 * stands. None for any other.
 */
export function deprecationHeaders(deprecation: Deprecation | undefined): Record<string, string> {
  if (!deprecation) return {};
  const [since, sunset] = [new Date(deprecation.since), new Date(deprecation.sunset)];
  const days = (sunset.getTime() - since.getTime()) / 86_400_000;
  check(days >= deprecatedDaysMin, 'a deprecated operation works for at least a year');
  return { Deprecation: `@${since.getTime() / 1_000}`, Sunset: sunset.toUTCString(), Link: policy };
}
