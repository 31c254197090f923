/** What a template is made of. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a place, by members and indices: `at(properties, 'DefaultActions', 0, 'Type')`. Undefined when there is none. */
export function at(value: Json | undefined, ...place: (string | number)[]): Json | undefined {
  const [step, ...rest] = place;
  if (step === undefined) return value;
  if (Array.isArray(value)) return typeof step === 'number' ? at(value[step], ...rest) : undefined;
  return isObject(value) ? at(value[String(step)], ...rest) : undefined;
}

/** The list at a place; empty when there is none. One value where a list is expected is a list of one, as IAM reads it. */
export function listAt(value: Json | undefined, ...place: (string | number)[]): Json[] {
  const found = at(value, ...place);
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
}

/** The text at a place; empty when there is none or it is something else. */
export function textAt(value: Json | undefined, ...place: (string | number)[]): string {
  const found = at(value, ...place);
  return typeof found === 'string' ? found : '';
}

/** Whether a value holds all of another: every member of an object, every item of a list at its place, and equal leaves. */
export function matches(value: Json | undefined, wanted: Json): boolean {
  if (isObject(wanted))
    return isObject(value) && Object.entries(wanted).every(([key, item]) => matches(value[key], item));
  if (Array.isArray(wanted))
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((item, index) => matches(value[index], item))
    );
  return value === wanted;
}

/** A problem in words when a value is not what it should be; empty when it is. Objects are compared as {@link matches} does. */
export const expected = (what: string, value: Json | undefined, wanted: Json): string[] =>
  matches(value, wanted) ? [] : [`${what} is ${JSON.stringify(value)} and should be ${JSON.stringify(wanted)}`];
