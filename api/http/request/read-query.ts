import { z } from 'zod';
import { ok } from '../../../domain/result.ts';
import { type HttpResult, refused } from '../answer.ts';
import { isSeveral } from '../fields.ts';

/**
 * The parameters of an address. A repeated parameter is refused, as it is not clear which one counts; only one that takes several
 * words may be sent once for each, which is the same as all of them with commas between.
 */
export function readQuery(querystring: string, query?: z.ZodType): HttpResult<Record<string, string>> {
  const pairs = [...new URLSearchParams(querystring)];
  const byName = Map.groupBy(pairs, ([name]) => name);
  const joined = [...byName].map(([name, its]) => [name, its.map(([, value]) => value).join(',')] as const);
  const repeated = [...byName].filter(([name, its]) => its.length > 1 && !mayRepeat(name, query)).map(([name]) => name);
  if (repeated.length === 0) return ok(Object.fromEntries(joined));
  return refused('validation_failed', {
    errors: repeated.map((name) => ({
      pointer: `query/${name.slice(0, 64)}`,
      code: 'repeated',
      message: 'A parameter may appear once.',
    })),
  });
}

function mayRepeat(name: string, query: z.ZodType | undefined): boolean {
  const parameter: unknown =
    query instanceof z.ZodObject && Object.hasOwn(query.shape, name) ? query.shape[name] : undefined;
  return parameter instanceof z.ZodType && isSeveral(parameter);
}
