import { ok } from '../../../domain/result.ts';
import { type HttpResult, refused } from '../answer.ts';

/** The parameters of an address. A repeated parameter is refused, as it is not clear which one counts. */
export function readQuery(querystring: string): HttpResult<Record<string, string>> {
  const pairs = [...new URLSearchParams(querystring)];
  const names = new Set(pairs.map(([name]) => name));
  if (names.size === pairs.length) return ok(Object.fromEntries(pairs));
  const repeated = [...names].filter((name) => pairs.filter(([other]) => other === name).length > 1);
  return refused('validation_failed', {
    errors: repeated.map((name) => ({
      pointer: `query/${name.slice(0, 64)}`,
      code: 'repeated',
      message: 'A parameter may appear once.',
    })),
  });
}
