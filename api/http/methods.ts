import type { Router } from '@koa/router';
import type { State } from './middleware/state.ts';

/**
 * The methods that an address takes, as `Allow` lists them; null when there is no such address. One that is written out in the table
 * is not also one of `{id}`: `/v1/transfers/preview` is no transfer.
 */
export function methodsOf(router: Router<State>, path: string): string | null {
  const layers = router.match(path, 'GET').path;
  const own = layers.filter((layer) => layer.path === path);
  return listed((own.length > 0 ? own : layers).flatMap((layer) => layer.methods));
}

/** The methods of each address that is written out in the table. */
export function methodsOfWritten(router: Router<State>): ReadonlyMap<string, ReadonlySet<string>> {
  const written = router.stack.filter(({ path }) => typeof path === 'string' && !path.includes(':'));
  const byPath = Map.groupBy(written, ({ path }) => String(path));
  return new Map([...byPath].map(([path, layers]) => [path, new Set(layers.flatMap(({ methods }) => methods))]));
}

function listed(methods: readonly string[]): string | null {
  return methods.length === 0 ? null : [...new Set(methods)].toSorted().join(', ');
}
