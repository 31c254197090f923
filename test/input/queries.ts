import { z } from 'zod';
import type { Route } from '../../api/http/operation.ts';
import type { BadValue } from './texts.ts';
import { badValues } from './values.ts';

/** Values that a parameter of an address may not have, as they are before they are encoded. */
const textsOf = (values: readonly BadValue[]): string[] =>
  values
    .map(([, json]): unknown => JSON.parse(json))
    .filter((value) => typeof value === 'string')
    // A longer address is refused before it is read.
    .filter((value) => value.length < 1_000);

const limits = ['', '-1', '0', '00', '05', '101', '1000', '1e2', '1.5', '10 ', '+5', '0x10', 'all', 'NaN', '１０'];
const cursors = [
  'x',
  '%00',
  'null',
  '[]',
  Buffer.from('null').toString('base64url'),
  Buffer.from('["nonsense","2026-11-21 13:00:00Z","019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071"]').toString('base64url'),
  Buffer.from('["transfers","2026-02-30 13:00:00Z","019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071"]').toString('base64url'),
  Buffer.from('["transfers","infinity","019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071"]').toString('base64url'),
  Buffer.from(`["transfers","2026-11-21 13:00:00Z","' or '1'='1"]`).toString('base64url'),
  'A'.repeat(257),
];
const nonsense = ['nonsense', '', 'COMPLETED', 'completed ', 'constructor'];

/** By the name of the parameter: what no parameter of such a name takes. */
const badParameters: readonly [name: RegExp, values: readonly string[]][] = [
  [/^limit$/, limits],
  [/^cursor$/, cursors],
  [/^(at|from|to)$|_(from|to)$/, textsOf(badValues.instant)],
  [/^account_id$/, textsOf(badValues.account)],
  [/^(status|rail|kind|outcome)$/, nonsense],
  [/^(attention|with_children)$/, ['', '1', 'yes', 'TRUE', 'true ']],
  [/^(reference)$/, ['', ' ', 'a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(201)]],
  [/^month$/, ['', '2026-13', '2026-00', '0000-01', '26-01', '2026-1', '2026-01-01', '2026-01 ', 'last']],
  [/^wait_ms$/, ['', '-1', '1.5', '1e3', 'abc', '1000000000']],
];

/** How many values stand in the table. */
export const parameterRows = badParameters.reduce((sum, [, values]) => sum + values.length, 0);

/** The names of a route's parameters. */
const namesOf = ({ operation: { query } }: Route): string[] =>
  query instanceof z.ZodObject ? Object.keys(query.shape) : [];

/** Each query of a route that must be refused, and the parameter that is named. */
export function badQueries(route: Route): { query: string; name: string }[] {
  const names = namesOf(route);
  const wrong = names.flatMap((name) =>
    badParameters
      .filter(([form]) => form.test(name))
      .flatMap(([, values]) => values.map((value) => ({ query: `${name}=${encodeURIComponent(value)}`, name }))),
  );
  const single = names.filter((name) => /^(limit|cursor|at|from|to|account_id)$/.test(name));
  const repeated = single.map((name) => ({ query: `${name}=1&${name}=2`, name }));
  const unknown = ['nonsense', 'Limit', '__proto__', 'limit[]', ' limit'].map((name) => ({
    query: `${encodeURIComponent(name)}=1`,
    name,
  }));
  return [...wrong, ...repeated, ...unknown];
}
