import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ok } from '../../domain/result.ts';
import { type HttpResult, refused } from './answer.ts';

/**
 * A field of a thing that a change of it cannot change: sent back as it was read it is ignored, so that a client may change what
 * it read and send all of it. `shown`: its schema in the thing, which the OpenAPI document names. Anything is taken, and
 * {@link refuseReadOnly} says what is wrong with it.
 */
export const readOnly = (shown: z.ZodType) =>
  z
    .unknown()
    .optional()
    .meta({
      readOnly: true,
      description: 'Not changed by this: it may be sent back as it was read.',
      override: toJson(shown),
    });

/** The schema of an answer for a request: by its name, because written out it would be a second component. */
function toJson(schema: z.ZodType): Record<string, unknown> {
  const { id } = schema.meta() ?? {};
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const inner = schema instanceof z.ZodNullable ? schema.unwrap() : null;
  if (inner instanceof z.ZodType) return { anyOf: [toJson(inner), { type: 'null' }] };
  const { $schema: _, ...json } = z.toJSONSchema(schema);
  return json;
}

/** Refuses each of these fields that is in the body with another value than the thing has: `validation_failed`. */
export function refuseReadOnly(
  body: Readonly<Record<string, unknown>>,
  thing: Readonly<Record<string, unknown>>,
  names: readonly string[],
): HttpResult<null> {
  const errors = names
    .filter((name) => body[name] !== undefined && !isDeepStrictEqual(body[name], thing[name]))
    .map((name) => ({
      pointer: `/${name}`,
      code: 'read_only',
      message: 'cannot be changed: leave it out, or send it as it was read',
    }));
  return errors.length === 0 ? ok(null) : refused('validation_failed', { errors });
}
