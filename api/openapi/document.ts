import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import type { Route } from '../http/operation.ts';
import { introduction } from './introduction.ts';
import { noticeWebhooks } from './notices.ts';
import { toOperation } from './operation.ts';
import { tagsOf } from './tags.ts';
import { unkeyedPaths } from './unkeyed.ts';

/** An OpenAPI document, as it is served. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document, made from the routes, their operations and their schemas. It cannot differ from the code. */
export function createOpenApi(routes: readonly Route[]): OpenApiDocument {
  const document: Parameters<typeof createDocument>[0] = {
    openapi: '3.1.1',
    info: {
      title: 'Quittance',
      version: packageJson.version,
      description: introduction,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
      contact: { name: 'The maintainers of Quittance' },
    },
    servers: [{ url: '/', description: 'The installation that serves this document.' }],
    security: [{ key: [] }],
    tags: tagsOf(routes),
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer qk_…`' },
      },
    },
    paths: { ...keyedPaths(routes), ...unkeyedPaths },
    webhooks: noticeWebhooks,
  };
  // Fields may be added to an answer, so no schema of one forbids others. A request is still read strictly.
  const made = createDocument(document, {
    override: ({ jsonSchema, io }) => {
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // What zod says of every whole number: that JavaScript can hold it.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  unwrapSingles(made);
  return made;
}

/** One alternative is none: some tools warn of it, and some make a type of it. */
function unwrapSingles(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  for (const inner of Object.values(node)) unwrapSingles(inner);
  for (const name of ['anyOf', 'oneOf']) {
    const alternatives: unknown = Reflect.get(node, name);
    if (!Array.isArray(alternatives) || alternatives.length !== 1) continue;
    Reflect.deleteProperty(node, name);
    Reflect.deleteProperty(node, 'type');
    Object.assign(node, alternatives[0]);
  }
}

function keyedPaths(routes: readonly Route[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return paths;
}
