import type { z } from 'zod';
import { ok } from '../../domain/outcome.ts';
import { denied, type FieldError, type Step } from '../answer.ts';

/** Where a value came from: decides how its problems are pointed at. */
export type Part = 'body' | 'query';

/** Checks a value against a schema. Refusal: `validation_failed`, with every field that is wrong, never with its value. */
export function validate<T>(schema: z.ZodType<T>, value: unknown, part: Part): Step<T> {
  const read = schema.safeParse(value);
  if (read.success) return ok(read.data);
  const errors = read.error.issues.flatMap((issue) => toErrors(issue, part));
  return denied('validation_failed', { errors: errors.slice(0, errorsMost) });
}

/** A refused header, in the same words as a refused field. */
export const refuseHeader = (name: string, message: string) =>
  denied('validation_failed', { errors: [{ pointer: `header/${name}`, code: 'invalid_format', message }] });

const errorsMost = 100;

function toErrors(issue: z.core.$ZodIssue, part: Part): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key.slice(0, 64)], part),
      code: 'unknown_field',
      message: 'There is no such field here.',
    }));
  }
  return [{ pointer: pointerTo(issue.path, part), code: codes[issue.code], message: issue.message }];
}

/** Our own words for zod's, so that a change of library is not a change of the API. */
const codes = {
  invalid_type: 'invalid_type',
  too_big: 'too_large',
  too_small: 'too_small',
  invalid_format: 'invalid_format',
  not_multiple_of: 'invalid_value',
  invalid_union: 'invalid_value',
  invalid_key: 'invalid_name',
  invalid_element: 'invalid_value',
  invalid_value: 'invalid_value',
  custom: 'invalid_value',
} as const satisfies Record<Exclude<z.core.$ZodIssue['code'], 'unrecognized_keys'>, string>;

/** RFC 6901 for the body, `query/name` for the address. */
function pointerTo(path: readonly PropertyKey[], part: Part): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return part === 'query' ? ['query', ...steps].join('/') : steps.map((step) => `/${step}`).join('');
}
