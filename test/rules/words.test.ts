import { expect, test } from '@jest/globals';
import { exportsOf, schemaFieldsOf } from '../support/syntax.ts';
import { files, read, sources } from '../support/tree.ts';

/**
 * The glossary, enforced: what its last column lists stands in no name of a file, a table, an export or an API field. The
 * words and the places where one may stand are read from docs/glossary.md, so there is one list and people can read it.
 */
const saysNothing = ['utils', 'helpers', 'common', 'manager', 'service', 'info'];

type Name = { place: string; name: string };
type Exception = { word: string; where: RegExp; used: boolean };

const rows = (heading: RegExp) =>
  (
    read('docs/glossary.md')
      .split(/^## /m)
      .find((part) => heading.test(part)) ?? ''
  )
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (word|-+) /.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replaceAll('\\|', '|').trim()),
    );

const refusedWords = [
  ...new Set([...rows(/^# Glossary/).flatMap((cells) => wordsOf(cells.at(-1) ?? '')), ...saysNothing]),
];
const exceptions: Exception[] = rows(/^Where a refused word/).map(([word = '', where = '']) => ({
  word,
  where: new RegExp(where.replaceAll('`', '')),
  used: false,
}));

test('the glossary is read: it has its words and refuses theirs', () => {
  expect(refusedWords).toEqual(expect.arrayContaining(['payment', 'journal line', 'wallet', 'refund', 'manager']));
  expect(rows(/^# Glossary/).length).toBeGreaterThan(20);
});

test.each([
  ['files', fileNames()],
  ['tables', tableNames()],
  ['exports', sources().flatMap((file) => exportsOf(file).map((name) => ({ place: file, name })))],
  [
    'API fields',
    sources(['api', 'config']).flatMap((file) => schemaFieldsOf(file).map((name) => ({ place: file, name }))),
  ],
])('no refused word in the names of %s', (_, names) => {
  expect(names.flatMap(complaints)).toEqual([]);
});

test('every exception of the glossary is still needed', () => {
  const every = [...fileNames(), ...tableNames()].concat(
    sources().flatMap((file) => [...exportsOf(file), ...schemaFieldsOf(file)].map((name) => ({ place: file, name }))),
  );
  for (const name of every) complaints(name);
  expect(exceptions.filter(({ used }) => !used).map(({ word, where }) => `${word} in ${where.source}`)).toEqual([]);
});

/** A name is `place name`, as the exceptions of the glossary are matched against it. */
function complaints({ place, name }: Name): string[] {
  const parts = ` ${parted(name)} `;
  return refusedWords
    .filter((word) => parts.includes(` ${word} `) || parts.includes(` ${word}s `))
    .filter((word) => {
      const allowed = exceptions.find(
        (exception) => exception.word === word && exception.where.test(`${place} ${name}`),
      );
      if (allowed) allowed.used = true;
      return !allowed;
    })
    .map((word) => `${place}: "${name}" says "${word}"`);
}

function fileNames(): Name[] {
  return files(/\.(ts|mjs|sql|md)$/).flatMap((file) => file.split('/').map((name) => ({ place: file, name })));
}

function tableNames(): Name[] {
  return files(/^drizzle\/migrations\/.*\.sql$/).flatMap((file) =>
    [...read(file).matchAll(/create (?:unlogged )?table (?:if not exists )?(?:ledger\.)?"?(\w+)"?/gi)].map(
      ([, name = '']) => ({ place: file, name }),
    ),
  );
}

/** `TransferRequest`, `transfer_request` and `transfer-request` are all `transfer request`. */
function parted(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .toLowerCase();
}

function wordsOf(cell: string): string[] {
  return cell
    .split(', ')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}
