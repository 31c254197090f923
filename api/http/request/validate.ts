import { z } from 'zod';
import { ok } from '../../../domain/result.ts';
import { type FieldError, type HttpResult, refused } from '../answer.ts';

/** Where a value came from: decides the pointers of its errors. */
export type Part = 'body' | 'query';

/** Checks a value against a schema. Refusal: `validation_failed`, with every field that is wrong, never with its value. */
export function validate<T>(schema: z.ZodType<T>, value: unknown, part: Part): HttpResult<T> {
  const read = schema.safeParse(value, { error: inOurWords });
  if (read.success) return ok(read.data);
  const errors = read.error.issues.flatMap((issue) => toErrors(issue, part));
  const isOfNoKind = read.error.issues.some(({ code }) => code === 'invalid_union');
  const more = isOfNoKind && schema instanceof z.ZodDiscriminatedUnion ? wrongInEveryKind(schema, value, part) : [];
  return refused('validation_failed', { errors: [...errors, ...more].slice(0, errorsMax) });
}

/**
 * Where a value is of no kind, zod looks no further. What each of the kinds would refuse is reported anyway, so that a client can
 * fix everything in one go.
 */
function wrongInEveryKind(schema: z.ZodDiscriminatedUnion, value: unknown, part: Part): FieldError[] {
  const { discriminator } = schema.def;
  const [first = [], ...others] = schema.options.map((option) => {
    const issues = z.safeParse(option, value, { error: inOurWords }).error?.issues ?? [];
    return issues.filter(({ path }) => path[0] !== discriminator).flatMap((issue) => toErrors(issue, part));
  });
  const isIn = (errors: FieldError[], { pointer, code }: FieldError) =>
    errors.some((error) => error.pointer === pointer && error.code === code);
  return first.filter((error) => others.every((errors) => isIn(errors, error)));
}

/** The message where a schema gives none. Another version of the library must not change what clients read. */
const inOurWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return 'is required';
  if (issue.code === 'invalid_type') return `must be ${kinds[issue.expected] ?? 'of another type'}`;
  if (issue.code === 'invalid_value') return `must be ${oneOf(issue.values)}`;
  if (issue.code === 'too_big') return toLimit(issue.origin, `at most ${issue.maximum}`);
  if (issue.code === 'too_small') return toLimit(issue.origin, `at least ${issue.minimum}`);
  return 'must have another form: see the documentation';
};

const toLimit = (origin: string, limit: string): string =>
  `must ${verbs[origin] ?? 'be'} ${limit}${units[origin] ?? ''}`;
const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of: ${values.map(String).join(', ')}`;
const verbs: Record<string, string> = { array: 'have', set: 'have', map: 'have' };
const units: Record<string, string> = {
  string: ' characters long',
  array: ' members',
  set: ' members',
  map: ' fields',
};

const kinds: Record<string, string> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** A refused header, in the form of a refused field. */
export const refuseHeader = (name: string, message: string) =>
  refused('validation_failed', { errors: [{ pointer: `header/${name}`, code: 'invalid_format', message }] });

/** Enough to correct a body; more would make the answer larger than the request. */
const errorsMax = 100;

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

/** Our messages instead of zod's, so that another version of the library does not change the API. */
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
