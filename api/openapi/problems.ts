import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import type { Thing } from '../../domain/ids.ts';
import type { KeyedThing } from '../../domain/key-conflict.ts';
import { publicId } from '../http/fields.ts';
import type { Route } from '../http/operation.ts';
import { type HttpRefusalCode, refusals } from '../http/refusals.ts';
import { headersOfRefusal } from './headers.ts';

const fieldError = z
  .strictObject({
    pointer: z.string().meta({
      description: 'A JSON pointer into the body (`/source/account_id`), or `query/<name>` or `header/<name>`.',
    }),
    code: z.string().meta({ description: 'The kind of error, such as `invalid_format` or `unknown_field`.' }),
    message: z.string().meta({ description: 'What is expected. It never repeats what was sent.' }),
  })
  .meta({ id: 'FieldError', description: 'One field that cannot be accepted.' });

/** Why a request was refused, or a transfer. */
export const refusalCode = z
  .enum(Object.keys(refusals) as [string, ...string[]]) // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant
  .meta({
    id: 'RefusalCode',
    description: 'Why a request was refused. Codes may be added. Each has its page under /problems.',
  });

const conflicting = (thing: Thing, name: string) =>
  publicId(thing)
    .optional()
    .meta({ description: `The ${name} that the request with this Idempotency-Key made or changed.` });

/** At most one of them stands in an answer. */
const conflicts = {
  conflicting_transfer_id: conflicting('transfer', 'transfer'),
  conflicting_entry_id: conflicting('entry', 'entry'),
  conflicting_hold_id: conflicting('hold', 'hold'),
  conflicting_account_id: conflicting('account', 'account'),
  conflicting_api_key_id: conflicting('apiKey', 'API key'),
  conflicting_webhook_endpoint_id: conflicting('webhookEndpoint', 'webhook endpoint'),
  conflicting_statement_id: conflicting('statement', 'statement'),
} satisfies Record<`conflicting_${KeyedThing}_id`, z.ZodType>;

/** The body of every answer that is not a success (RFC 9457). */
export const problem = z
  .strictObject({
    type: z.string().meta({ description: 'Address of a page that explains the code.' }),
    title: z.string().meta({ description: 'The code in one sentence.' }),
    status: z.int().min(400).max(599).meta({ description: 'The HTTP status.' }),
    code: refusalCode,
    detail: z.string().meta({ description: 'What happened in this case.' }),
    action: z.string().meta({ description: 'What to do.' }),
    instance: z.string().meta({
      description:
        'Names this occurrence: the `Request-Id`, or for a decision that is kept under its key, and so repeated with the same bytes, what it decided.',
    }),
    retryable: z.boolean().meta({
      description: 'Whether the same request, with the same Idempotency-Key if it had one, may succeed later.',
    }),
    retry_after_ms: z.int().min(0).optional().meta({ description: 'Milliseconds to wait before that.' }),
    transfer_id: publicId('transfer').optional().meta({
      description:
        'The transfer that the answer is about: that of this request, declined; with `already_reversed`, the reversal that was made before.',
    }),
    ...conflicts,
    errors: z.array(fieldError).max(100).optional().meta({ description: 'Every field that cannot be accepted.' }),
  })
  .meta({ id: 'Problem', description: 'Every answer that is not a success (RFC 9457).' });

/** One response per status, naming the codes that it may carry. */
export function toProblems(
  codesOfRoute: ReadonlySet<HttpRefusalCode>,
  route: Pick<Route, 'method'>,
): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy([...codesOfRoute].toSorted(), (code) => refusals[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      String(status),
      {
        description: its.map((code) => `\`${code}\`: ${refusals[code].title}`).join('\n\n'),
        headers: z.object(headersOfRefusal(status, route)),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}
