import type { SQL } from 'drizzle-orm';
import { check } from '../../domain/check.ts';

/** One condition for each parameter of a list, under the parameter's name in the API. */
export type Conditions<Filter> = {
  [Name in keyof Filter]-?: (value: NonNullable<Filter[Name]>) => SQL | undefined;
};

/**
 * The conditions of the parameters that were given; an absent one does not narrow the list. A parameter without a condition
 * is a bug: ignored, it would answer with rows that the client did not ask for.
 */
export function narrowing<Filter extends object>(filter: Filter, conditions: Conditions<Filter>): (SQL | undefined)[] {
  // The check in the loop is the proof: every name that is used is one of the table's.
  const names = Object.keys(filter) as (keyof Filter)[]; // oxlint-disable-line typescript/no-unsafe-type-assertion
  return names.map((name) => {
    check(Object.hasOwn(conditions, name), `the filter ${String(name)} has a condition`);
    const value = filter[name];
    return value === undefined || value === null ? undefined : conditions[name](value);
  });
}
