import { describe, expect, test } from '@jest/globals';
import { problemsOf } from './admit.mjs';
import { type Answer, firstWrong, type Question } from './questions.mjs';

const well = ({ path, withKey }: Question): Answer => ({
  status: path.startsWith('/v1/') && !withKey ? 401 : 200,
  body: JSON.stringify({ database: 'ok', status: 'degraded' }),
});

describe('the smoke test of a release', () => {
  test('lets one through that answers, also one whose cache is away', async () => {
    expect(await firstWrong(async (question) => well(question))).toBeNull();
  });

  test.each([
    ['its database does not answer', '/health', { status: 200, body: '{"database":"away"}' }],
    ['its health is no JSON', '/health', { status: 200, body: '<html>' }],
    ['it lets anybody in', '/v1/me', { status: 200, body: '{}' }],
    ['it does not list accounts', '/v1/accounts?limit=1', { status: 500, body: '{}' }],
  ])('refuses one when %s', async (_what, path, answer) => {
    const wrong = await firstWrong(async (question) => (question.path === path ? answer : well(question)));
    expect(wrong).toEqual({ path, status: answer.status });
  });

  test('refuses one that does not answer', async () => {
    expect(await firstWrong(() => Promise.reject(new Error('no answer in time')))).toEqual({
      path: '/ping',
      status: 0,
    });
  });
});

describe('the admission of an image', () => {
  const signed = [{ status: 'COMPLETE' }];
  test.each([
    ['lets in what is signed and migrated', 'b,a', signed, []],
    ['lets in an earlier one again', 'c,b', signed, []],
    ['refuses one whose migrations were not run', 'none', signed, ['its migrations were not run']],
    ['refuses one that is not signed', 'b', [{ status: 'FAILED' }], ['it is not signed']],
    ['refuses one of which nothing is known', 'a', [], ['its migrations were not run', 'it is not signed']],
  ])('%s', (_what, migrated, signing, problems) => {
    expect(problemsOf({ digest: 'b', migrated, signing })).toEqual(problems);
  });
});
