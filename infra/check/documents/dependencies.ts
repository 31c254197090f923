import { isObject, type Json } from '../../requirements/json.ts';
import type { Synthesised } from '../../requirements/synthesised.ts';

/** One stack uses a value of another. */
export type Dependency = { from: string; to: string };

/** Which stack uses values of which: its folded properties name resources of another. */
export function dependenciesOf({ stacks, resources }: Synthesised): Dependency[] {
  return Object.keys(stacks).flatMap((from) => {
    const used = new Set(resources(from, '*').flatMap(({ properties }) => stacksIn(properties)));
    return Object.keys(stacks)
      .filter((to) => to !== from && used.has(to))
      .map((to) => ({ from, to }));
  });
}

function stacksIn(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(/\$\{([A-Z][A-Za-z]*)\./g)].map(([, stack = '']) => stack);
  if (Array.isArray(value)) return value.flatMap(stacksIn);
  return isObject(value) ? Object.values(value).flatMap(stacksIn) : [];
}
