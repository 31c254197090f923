import { expect, test } from '@jest/globals';
import { pathMatches } from './path-matches.ts';

test.each([
  ['/v1/*', '/v1/transfers/tr_1/events', true],
  ['/v1/*', '/v1/', true],
  ['/v1/*', '/v1', false],
  ['/v1/*', '/V1/transfers', false],
  ['/account', '/accounts', false],
  ['/openapi.json', '/openapiXjson', false],
  ['/get_all_*', '/get_all_data', true],
  ['/docs/?', '/docs/a', true],
  ['/docs/?', '/docs/ab', false],
])('%s on %s: %s', (pattern, path, wanted) => {
  expect(pathMatches(pattern, path)).toBe(wanted);
});
