import { expect, test } from '@jest/globals';
import { freshApi } from '../../test/support/harness/api.ts';
import { getMe } from '../me/get.ts';
import { routes } from '../routes.ts';
import type { Route } from './operation.ts';

const planted: Route = {
  ...{ method: 'GET', path: '/v1/planted', scope: 'accounts:admin', operation: getMe },
  deprecated: { since: '2027-01-31', sunset: '2028-02-01' },
};
const { api, another } = freshApi();

test('every answer of a deprecated operation says since when, and until when it works; no other does', async () => {
  const one = await another({ table: [...routes, planted] });
  for (const secret of [undefined, null]) {
    const answer = await one.call('/v1/planted', secret === null ? { secret } : {});
    expect(answer.status).toBe(secret === null ? 401 : 200);
    expect(answer.headers).toMatchObject({
      deprecation: '@1801353600',
      sunset: 'Tue, 01 Feb 2028 00:00:00 GMT',
      link: expect.stringContaining('rel="deprecation"'),
    });
  }
  const { headers } = await api.call('/v1/me');
  expect([headers['deprecation'], headers['sunset'], headers['link']]).toEqual([undefined, undefined, undefined]);
});

test('a deprecated operation works for at least a year, or the API does not start', async () => {
  const tooShort: Route = { ...planted, deprecated: { since: '2027-01-31', sunset: '2028-01-30' } };
  await expect(another({ table: [tooShort] })).rejects.toThrow('at least a year');
});
