import { z } from 'zod';
import { check } from '../../domain/check.ts';
import { openApiDocument } from './openapi.ts';

/** A schema of the document, as far as the pages read it. */
export type Schema = {
  $ref?: string | undefined;
  description?: string | undefined;
  type?: string | string[] | undefined;
  format?: string | undefined;
  const?: string | number | boolean | null | undefined;
  enum?: (string | number)[] | undefined;
  examples?: unknown[] | undefined;
  required?: string[] | undefined;
  readOnly?: boolean | undefined;
  maxLength?: number | undefined;
  maxItems?: number | undefined;
  maximum?: number | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  properties?: Record<string, Schema> | undefined;
};

const schemaForm: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    description: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    const: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    enum: z.array(z.union([z.string(), z.number()])).optional(),
    examples: z.array(z.unknown()).optional(),
    required: z.array(z.string()).optional(),
    readOnly: z.boolean().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    maximum: z.number().optional(),
    items: schemaForm.optional(),
    anyOf: z.array(schemaForm).optional(),
    oneOf: z.array(schemaForm).optional(),
    properties: z.record(z.string(), schemaForm).optional(),
  }),
);
const content = z.object({ content: z.record(z.string(), z.object({ schema: schemaForm })).optional() });
const operationForm = z.object({
  operationId: z.string(),
  parameters: z
    .array(z.object({ in: z.string(), name: z.string(), description: z.string().optional(), schema: schemaForm }))
    .default([]),
  requestBody: content.optional(),
  responses: z.record(z.string(), content),
});
const documentForm = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationForm)),
  components: z.object({ schemas: z.record(z.string(), schemaForm) }),
});

type Described = z.infer<typeof operationForm>;

const document = documentForm.parse(JSON.parse(openApiDocument()));

/** The components of the document, by name. */
export const components: Readonly<Record<string, Schema>> = document.components.schemas;

/** Every operation of the document. */
export const operations: readonly Described[] = Object.values(document.paths).flatMap((path) => Object.values(path));

/** The operation of this id. */
export function operationOf(id: string): Described {
  const found = operations.find(({ operationId }) => operationId === id);
  check(found, `the OpenAPI document has no operation ${id}`);
  return found;
}

/** The name of the component that a body is, or null. */
export function bodyOf(body: z.infer<typeof content> | undefined): string | null {
  const [schema] = Object.values(body?.content ?? {}).map((one) => one.schema);
  return nameOf(schema);
}

/** The name of the component that a schema is, or null where it is none. */
export const nameOf = (schema: Schema | undefined): string | null => schema?.$ref?.split('/').at(-1) ?? null;

/** Whether a component is a page of a list: nothing but the things and a cursor. */
export const listed = (name: string): string | null => {
  const { data, next_cursor: cursor, ...others } = components[name]?.properties ?? {};
  return data && cursor && Object.keys(others).length === 0 ? nameOf(data.items) : null;
};
