import { expect, test } from '@jest/globals';
import { routes } from '../../api/routes.ts';
import { lists } from './lists.ts';
import { questions } from './questions.ts';

/** The parameters of each list of the API, without the length of its page, by its path. */
const listed = Object.fromEntries(
  routes.flatMap(({ path, operation: { query } }) => {
    const names = query && 'shape' in query ? Object.keys(query.shape as object) : [];
    return names.includes('limit') ? [[path, names.filter((name) => name !== 'limit').toSorted()]] : [];
  }),
);

test('every list of the API is asked on the size book, with each of its parameters and no other', () => {
  const tabled = Object.entries(lists).map(([path, { filters }]) => [path, Object.keys(filters).toSorted()]);
  expect(Object.keys(listed).length).toBeGreaterThan(10);
  expect(Object.fromEntries(tabled)).toEqual(listed);
});

test('every parameter of a list is asked by itself and beside each other one, with every value', () => {
  for (const [path, names] of Object.entries(listed)) {
    const own = questions.filter((question) => question.path === path);
    const pairs = names.flatMap((one, n) => names.slice(n + 1).map((other) => [one, other].join(' ')));
    expect(own.map((question) => question.names.toSorted().join(' ')).toSorted()).toEqual(
      [...names, ...pairs].toSorted(),
    );
  }
  expect(questions.filter(({ requests }) => requests.length === 0)).toEqual([]);
});

test('a walk is of parameters that its list has', () => {
  const unknown = Object.entries(lists).flatMap(([path, { walks = {}, alone = [] }]) => {
    const known = questions.filter((question) => question.path === path).map(({ names }) => names.join(' '));
    return [...Object.keys(walks), ...alone].filter((name) => !known.includes(name)).map((name) => `${path} ${name}`);
  });
  expect(unknown).toEqual([]);
});
