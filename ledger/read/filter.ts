import type { SQL } from 'drizzle-orm';

/** One condition for each parameter of a list, under the parameter's name in the API. */
export type Conditions<Filter> = {
  [Name in keyof Filter]-?: (value: NonNullable<Filter[Name]>) => SQL | undefined;
};

/** The conditions of the parameters that were given; an absent one does not narrow the list. */
export function narrowing<Filter extends object>(filter: Filter, conditions: Conditions<Filter>): (SQL | undefined)[] {
  // The table has one member per parameter and no other.
  const names = Object.keys(conditions) as (keyof Filter)[]; // oxlint-disable-line typescript/no-unsafe-type-assertion
  return names.map((name) => {
    const value = filter[name];
    return value === undefined || value === null ? undefined : conditions[name](value);
  });
}
