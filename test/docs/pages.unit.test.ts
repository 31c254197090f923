import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { routes } from '../../api/routes.ts';
import { callsOf, examplesOf, keysOf } from '../support/page-examples.ts';
import { files, read } from '../support/tree.ts';

/** The documents for those who write clients are complete, and can be followed from the page alone. */
const pages = files(/^docs\/.*\.md$/);
const withExamples = pages.filter((page) => examplesOf(page).length > 0);
const begin = 'docs/api/README.md';

/** The ids of the operations whose page it is, as it asks for their table. */
const operationsOf = (page: string): string[] =>
  [...read(page).matchAll(/^<!-- made: operations (.*) -->$/gm)].flatMap(([, ids = '']) => ids.split(' '));

test('each operation has one page', () => {
  expect(pages.flatMap(operationsOf).toSorted()).toEqual(routes.map(({ operation }) => operation.id).toSorted());
});

const own = pages.flatMap((page) => operationsOf(page).map((id) => ({ page, id })));
test.each(own)('$page calls $id', ({ page, id }) => {
  const route = routes.find(({ operation }) => operation.id === id);
  const form = new RegExp(`^${route?.method} ${route?.path.replaceAll(/\{\w+\}/g, '[^/?]+')}$`);
  expect(callsOf(page).filter((call) => form.test(call))).not.toEqual([]);
});

test('calls and keys of a page are found', () => {
  expect(callsOf(begin)).toEqual(['GET /v1/me', ...Array(3).fill('POST /v1/accounts'), 'POST /v1/transfers']);
  expect(callsOf('docs/api/webhook-endpoints.md')).toContain('DELETE /v1/webhook-endpoints/$ENDPOINT');
  expect(keysOf(begin)).toContain('begin-ada');
  expect(keysOf('docs/api/batches.md')).toContain('batches-wage-ada');
});

test('no Idempotency-Key stands on two pages: a reader of both would be refused', () => {
  const uses = withExamples.flatMap((page) => keysOf(page).map((key) => ({ page, key })));
  const twice = [...Map.groupBy(uses, ({ key }) => key)].filter(([, its]) => its.length > 1);
  expect(twice.map(([key, its]) => [key, ...its.map(({ page }) => page)])).toEqual([]);
});

describe.each(withExamples)('%s', (page) => {
  const prose = read(page).replaceAll(/^```[\s\S]*?^```|<!--[\s\S]*?-->/gm, '');

  test('says in its text which parts of answers a reader keeps', () => {
    const kept = examplesOf(page).flatMap((example) => Object.keys(example.kept));
    expect(kept.filter((name) => !prose.includes(`\`${name}\``))).toEqual([]);
  });

  test('says where the address, the key and the accounts come from', () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const places = links
      .filter((target) => !target.includes(':'))
      .map((target) => normalize(join(dirname(page), target)));
    if (page !== begin) expect(places).toContain(`${begin}#before-you-begin`);
  });
});

test('the index of the documents leads to every page, to decisions by their folder', () => {
  const index = read('docs/README.md');
  const others = pages
    .filter((page) => !/^docs\/(README\.md$|adr\/)/.test(page))
    .map((page) => page.slice('docs/'.length));
  expect(others.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  expect(index).toContain('](adr)');
});
