import { z } from 'zod';
import type { Route } from '../http/operation.ts';

/** The headers of answers. Each is a component of the document, so that an answer names it in one line. */

const header = (id: string, schema: z.ZodType, description: string) => schema.meta({ header: { id }, description });

const requestId = header(
  'RequestId',
  z.string(),
  'Names this request in our logs: quote it when you report something.',
);
const limit = header(
  'RateLimitLimit',
  z.int().optional(),
  'How many requests fit into the window of the tighter limit.',
);
const remaining = header('RateLimitRemaining', z.int().optional(), 'How many are left in the window.');
const reset = header('RateLimitReset', z.int().optional(), 'Seconds until the window ends.');
const location = header('Location', z.string(), 'The address of the thing that was made.');
const replayed = header(
  'IdempotentReplayed',
  z.literal('true').optional(),
  'This is the answer of the first request with this Idempotency-Key; nothing was done now.',
);
const ledgerToken = header(
  'LedgerToken',
  z.string().optional(),
  'Send it back as `Ledger-Token`, and a read shows nothing older than this.',
);
const archivedBefore = header(
  'ArchivedBefore',
  z.string().optional(),
  'The list ends here because what is older was moved out of the database, into the archive: the instant from which on it is here.',
);
const retryAfter = header('RetryAfter', z.int(), 'Seconds to wait before the same request is sent again.');
const authenticate = header('WwwAuthenticate', z.literal('Bearer'), 'How to authenticate.');

const etag = header(
  'ETag',
  z.string(),
  'The version of what may be changed of it, in quotes: send it back as `If-Match`.',
);
const deprecation = header('Deprecation', z.string(), 'Since when this address is deprecated (RFC 9745).');
const sunset = header('Sunset', z.string(), 'When this address ends (RFC 8594).');

const limits = { 'RateLimit-Limit': limit, 'RateLimit-Remaining': remaining, 'RateLimit-Reset': reset };

/** Those of an answer that needs no key. */
export const headersOfUnkeyed = { 'Request-Id': requestId };

/** Those of a route's success. */
export const headersOfSuccess = ({ method, operation, deprecated }: Route) => ({
  'Request-Id': requestId,
  ...limits,
  ...(operation.status === 201 && { Location: location }),
  ...(method === 'POST' && { 'Idempotent-Replayed': replayed }),
  ...(operation.hasETag && { ETag: etag }),
  ...(deprecated && { Deprecation: deprecation, Sunset: sunset }),
  ...(operation.endsAtArchive && { 'Archived-Before': archivedBefore }),
  ...(operation.hasLedgerToken && { 'Ledger-Token': ledgerToken }),
});

/** Statuses that are answered before anybody is asked for a key, or when the key is refused. */
const beforeLimits = [401, 408, 414, 431];

/** Those of a refusal with a status. A declined transfer is an answer that is replayed like a success. */
export const headersOfRefusal = (status: number, { method }: Pick<Route, 'method'>) => ({
  'Request-Id': requestId,
  ...(!beforeLimits.includes(status) && limits),
  ...([429, 503].includes(status) && { 'Retry-After': retryAfter }),
  ...(status === 401 && { 'WWW-Authenticate': authenticate }),
  ...(status === 422 && method === 'POST' && { 'Idempotent-Replayed': replayed }),
});
