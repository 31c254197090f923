import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import type { Route } from '../http/operation.ts';
import type { HttpRefusalCode } from '../http/refusals.ts';
import examples from './examples.json' with { type: 'json' };
import { headersOfSuccess } from './headers.ts';
import { toProblems } from './problems.ts';
import { tagOf } from './tags.ts';

/** Refusals that any request with a key may get. */
const ofAll = [
  'header_repeated',
  'malformed_request',
  'validation_failed',
  'unauthorized',
  'tenant_disabled',
  'address_not_allowed',
  'request_timeout',
  'uri_too_long',
  'header_fields_too_large',
  'rate_limited',
  'unavailable',
  'internal_error',
] as const;
/** And any that writes. */
const ofWrites = ['not_attempted', 'outcome_unknown'] as const;
/** And any that has a body. */
const ofBodies = ['unsupported_media_type', 'payload_too_large', 'malformed_json', 'duplicate_json_key'] as const;

/** One operation of the document: everything that its route says, and what every request of its kind shares. */
export function toOperation(route: Route): ZodOpenApiOperationObject {
  const { path, scope, operation, deprecated } = route;
  const scoped = scope === null ? 'Needs any key.' : `Needs the scope \`${scope}\`.`;
  return {
    summary: operation.summary,
    description: `${operation.description}\n\n${scoped}`,
    operationId: operation.id,
    ...(deprecated && { deprecated: true }),
    tags: [tagOf(path)],
    requestParams: toParams(route),
    ...(operation.body && {
      requestBody: {
        required: operation.bodyIsOptional !== true,
        content: { 'application/json': { schema: operation.body, ...examplesOf(operation.id, 'request') } },
      },
    }),
    responses: {
      [`${operation.status}`]: {
        description: operation.success,
        headers: z.object(headersOfSuccess(route)),
        ...(operation.response && {
          content: {
            [operation.responseType ?? 'application/json']: {
              schema: operation.response,
              ...examplesOf(operation.id, 'response'),
            },
          },
        }),
      },
      ...toProblems(codesOf(route), route),
    },
  };
}

/** What was sent and answered in a run of the platform (test/examples). */
function examplesOf(id: string, part: 'request' | 'response'): { examples?: Record<string, { value: unknown }> } {
  const its = (recorded[id] ?? []).filter((one) => one[part] !== undefined);
  return its.length === 0 ? {} : { examples: Object.fromEntries(its.map((one) => [one.name, { value: one[part] }])) };
}

const recorded: Record<string, { name: string; request?: unknown; response?: unknown }[]> = examples;

/** Every code with which a request to this operation may be refused. */
function codesOf({ method, scope, operation }: Route): ReadonlySet<HttpRefusalCode> {
  return new Set<HttpRefusalCode>([
    ...operation.refusals,
    ...ofAll,
    ...(scope !== null || operation.permit ? (['forbidden'] as const) : []),
    ...(operation.permit ? (['account_not_allowed', 'amount_not_allowed'] as const) : []),
    ...(operation.params ? (['not_found'] as const) : []),
    ...(method === 'GET' || operation.changesNothing ? [] : ofWrites),
    ...(operation.body ? ofBodies : []),
    ...(operation.needsKey ? (['idempotency_key_missing'] as const) : []),
    ...(method === 'POST' && !operation.refusesKey ? (['idempotency_key_invalid'] as const) : []),
  ]);
}

/** The example of an idempotency key. The docs page puts new ones in its place. */
export const exampleKey = '7a0f9b4e-6f0e-4f5c-9a57-6c1f5c0f8d11';

// A key may also be sent as a quoted string; what a client makes has no reason to.
const idempotencyKey = z
  .string()
  .regex(/^[!#-~]([ -~]{0,253}[!-~])?$/)
  .meta({ examples: [exampleKey] });
const keyDescription =
  'Your name for this request: 1 to 255 printable ASCII characters. Store it before you send it, and send it with every repetition.';

const ifMatch = z
  .string()
  .regex(/^"[1-9][0-9]{0,8}"$/)
  .optional()
  .meta({ description: 'The `ETag` of the thing as you read it: if it changed since, nothing is done (412).' });

const ledgerToken = z
  .string()
  .regex(/^(lt1\.([A-Za-z0-9_-]{32}){0,32})?$/)
  .optional()
  .meta({ description: 'The newest one that you received: nothing older than what you know is served. Empty: none.' });

function toParams({ method, operation }: Route): NonNullable<ZodOpenApiOperationObject['requestParams']> {
  const { params, query, needsKey, refusesKey, takesIfMatch, hasLedgerToken, mayLag } = operation;
  const header = z.object({
    ...(method === 'POST' &&
      !refusesKey && {
        'Idempotency-Key': (needsKey ? idempotencyKey : idempotencyKey.optional()).meta({
          description: keyDescription,
        }),
      }),
    ...(takesIfMatch && { 'If-Match': ifMatch }),
    ...((hasLedgerToken || mayLag) && { 'Ledger-Token': ledgerToken }),
  });
  return {
    ...(params instanceof z.ZodObject && { path: params }),
    ...(query instanceof z.ZodObject && { query }),
    header,
  };
}
