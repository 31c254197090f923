import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from './operation.ts';
import { type HttpRefusalCode, refusals } from './refusals.ts';

/** Refusals that any request with a key may get. */
const everyones = [
  'unauthorized',
  'forbidden',
  'rate_limited',
  'validation_failed',
  'unavailable',
  'internal_error',
] as const;
/** And any that writes. */
const ofWrites = ['not_attempted', 'outcome_unknown'] as const;
/** And any that has a body. */
const ofBodies = ['unsupported_media_type', 'payload_too_large', 'malformed_json', 'duplicate_json_key'] as const;

/** The OpenAPI 3.1 document, made from the routes and their schemas. It cannot differ from the code. */
export function createOpenApi(routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  const document: Parameters<typeof createDocument>[0] = {
    openapi: '3.1.1',
    info: {
      title: 'Quittance',
      version: '1.0.0',
      description:
        'Moves money, and never leaves anyone in doubt about it. Amounts are strings of minor units. Every request that moves money needs an `Idempotency-Key`; sent again, it moves money once.',
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key: `qk_…`' } },
    },
    // A method of a path is a member of zod-openapi's path type; the routes' methods are all among them.
    paths: paths satisfies ZodOpenApiPathsObject,
  };
  // Fields may be added to an answer, so no schema of one forbids others. A request is still read strictly.
  return createDocument(document, {
    override: ({ jsonSchema, io }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
}

function toOperation({ method, path, scope, operation }: Route): ZodOpenApiOperationObject {
  const codes = new Set<HttpRefusalCode>([...operation.refusals, ...everyones]);
  for (const code of method === 'GET' ? [] : ofWrites) codes.add(code);
  for (const code of operation.body ? ofBodies : []) codes.add(code);
  if (operation.needsKey) codes.add('idempotency_key_missing');
  if (method === 'POST') codes.add('idempotency_key_invalid');
  const scoped = scope === null ? 'Needs any key.' : `Needs the scope \`${scope}\`.`;
  return {
    summary: operation.summary,
    description: [operation.description, scoped].filter(Boolean).join('\n\n'),
    operationId: `${method.toLowerCase()}${path.replace('/v1', '').replaceAll(/[^a-z]+/g, '_')}`.replace(/_$/, ''),
    tags: [tagOf(path)],
    requestParams: toParams(method, operation),
    ...(operation.body && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    responses: {
      [`${operation.status}`]: {
        description: 'Done.',
        ...(operation.response && { content: { 'application/json': { schema: operation.response } } }),
      },
      ...toProblems(codes),
    },
  };
}

const tagOf = (path: string): string => path.split('/')[2] ?? 'other';

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .meta({ description: 'Your token for this request. Store it before you send it.' });
const ledgerToken = z
  .string()
  .optional()
  .meta({ description: 'The newest one you received: nothing older is served.' });

function toParams(method: Route['method'], { params, query, needsKey }: Route['operation']) {
  const header = z.object({
    ...(method === 'POST' && { 'Idempotency-Key': needsKey ? idempotencyKey : idempotencyKey.optional() }),
    ...(method === 'GET' && { 'Ledger-Token': ledgerToken }),
  });
  return {
    ...(params instanceof z.ZodObject && { path: params }),
    ...(query instanceof z.ZodObject && { query }),
    header,
  };
}

const problem = z
  .strictObject({
    type: z.string().meta({ description: 'Address of a page that explains the code.' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(refusals) as [HttpRefusalCode, ...HttpRefusalCode[]]), // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant
    detail: z.string(),
    action: z.string().meta({ description: 'What to do.' }),
    instance: z.string(),
    retryable: z.boolean().meta({
      description: 'Whether the same request, with the same Idempotency-Key if it had one, may succeed later.',
    }),
    retry_after_ms: z.int().optional(),
    transfer_id: z.string().optional(),
    conflicting_transfer_id: z.string().optional(),
    conflicting_entry_id: z.string().optional(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Every answer that is not a success.' });

/** One response per status, naming the codes that it may carry. */
function toProblems(codes: ReadonlySet<HttpRefusalCode>): ZodOpenApiOperationObject['responses'] {
  const byStatus = Map.groupBy([...codes].toSorted(), (code) => String(refusals[code].status));
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => [
      status,
      {
        description: its.map((code) => `\`${code}\`: ${refusals[code].title}`).join('\n\n'),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}
