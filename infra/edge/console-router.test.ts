import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { consoleRouter } from './console-router.ts';

type Answer = { uri?: string; statusCode?: number; body?: { data: string } };

/** Runs the code as CloudFront does: it has one function `handler`. */
const handler = (event: object): Answer =>
  runInNewContext(`${consoleRouter('app.example.com')}; handler(event);`, { event });
const ask = (host: string, uri: string): Answer => handler({ request: { uri, headers: { host: { value: host } } } });

test.each([
  ['/', '/index.html'],
  ['/accounts', '/index.html'],
  ['/transfers/tr_01', '/index.html'],
  ['/assets/index-4f2a.js', '/assets/index-4f2a.js'],
  ['/robots.txt', '/robots.txt'],
  ['/v1.2/accounts', '/index.html'],
])('%s of the console is the file %s', (uri, file) => {
  expect(ask('app.example.com', uri)).toMatchObject({ uri: file });
});

test('under the name of the API there are no files, and the answer is a problem document as the API has it', () => {
  const answer = ask('api.example.com', '/accounts');
  expect(answer.statusCode).toBe(404);
  expect(JSON.parse(answer.body?.data ?? '')).toMatchObject({
    type: '/problems/not_found',
    status: 404,
    code: 'not_found',
  });
});

test('a request without a name is refused', () => {
  expect(handler({ request: { uri: '/', headers: {} } })).toMatchObject({ statusCode: 404 });
});
