import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { headersOfUnkeyed } from './headers.ts';
import { toProblems } from './problems.ts';
import { platform } from './tags.ts';

const ping = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Ping', description: 'The process answers.' });

const part = (text: string) => z.string().meta({ description: text });

const workerStates = z
  .record(z.string(), z.string())
  .meta({ id: 'WorkerStates', description: 'The workers by role, `ok` or what is wrong.' });

const health = z
  .looseObject({
    status: z.enum(['ok', 'degraded']).meta({
      description: 'degraded: a part is missing. Reads work; creating a transfer is refused, or its transfer waits.',
    }),
    database: part('`ok`, or `read_only`.'),
    temporal: part('`ok`, or `away`.'),
    cache: part('`ok`, `away`, or `none` where the platform runs without one.'),
    standby: part('The standby for readers: `ok`, `behind`, `away`, or `none` where there is none.'),
    storage: part(
      '`configured`, or `none` where there is no object store: statements wait until there is one. Whether it answers is not asked here; the alarm `storage_away` says that it does not.',
    ),
    intake: part('`ok`, or `unanswered`: the last groups of this process got no answer.'),
    workers: workerStates,
    sweep: part('Whether what is overdue is looked for.'),
    statements: part('Whether statements that are due are looked for.'),
    archive: part('Whether what is committed is archived.'),
    clock: part('Whether the clocks agree.'),
  })
  .meta({ id: 'Health', description: 'The parts of the platform. Parts may be added.' });

const refusals = new Set([
  'header_repeated',
  'malformed_request',
  'request_timeout',
  'uri_too_long',
  'header_fields_too_large',
  'rate_limited',
] as const);
const problems = toProblems(refusals, { method: 'GET' });

/** One address that needs no key and takes nothing. */
const get = (operationId: string, summary: string, { description, success, schema, more = {} }: Answered) => ({
  get: {
    operationId,
    summary,
    description: `${description} Needs no key.`,
    tags: [platform.name],
    security: [],
    responses: {
      '200': {
        description: success,
        headers: z.object(headersOfUnkeyed),
        content: { 'application/json': { schema } },
      },
      ...problems,
      ...more,
    },
  },
});

type Answered = { description: string; success: string; schema: z.ZodType; more?: object };

/** What is told to everybody: `/ping`, `/health` and this document. The pages for people are not part of it. */
export const unkeyedPaths: ZodOpenApiPathsObject = {
  '/ping': get('ping', 'See whether the process answers', {
    description: 'Says nothing about the parts behind it: for restarting what hangs.',
    success: 'It does.',
    schema: ping,
  }),
  '/health': get('getHealth', 'See whether the platform works', {
    description: 'For a load balancer: 503 when nothing can be answered, because the database does not answer.',
    success: 'The parts, each with its state. A part may be missing while the platform is in service.',
    schema: health,
    more: toProblems(new Set(['unavailable'] as const), { method: 'GET' }),
  }),
  '/openapi.json': get('getOpenApi', 'Read this document', {
    description: 'Made from the code that answers, so that the two cannot differ.',
    success: 'The OpenAPI 3.1 document.',
    schema: z.looseObject({ openapi: z.string() }).meta({ id: 'OpenApi', description: 'An OpenAPI 3.1 document.' }),
  }),
};
