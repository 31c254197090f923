import { expect, test } from '@jest/globals';
import { routes } from '../../api/routes.ts';
import { routeScopes, scopesOf } from '../support/route-scopes.ts';

/** `api/scopes.test.ts` calls every route with a key of every scope; here the two tables are compared. */
test('every route needs the scope that test/support/route-scopes.ts says, and is written there', () => {
  const actual = Object.fromEntries(routes.map(({ method, path, scope }) => [`${method} ${path}`, scope]));
  const expected = Object.keys(routeScopes).map((route) => [route, scopesOf(route)[0] ?? null]);
  expect(actual).toEqual(Object.fromEntries(expected));
});
