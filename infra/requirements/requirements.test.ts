import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAssemblies } from '../check/assembly.ts';
import { rows } from './index.ts';
import { synthesised } from './synthesised.ts';

const cases = rows.map((row) => [`${row.id}: ${row.requirement}`, row] as const);

describe.each(readAssemblies().map((assembly) => [assembly.environment.name, synthesised(assembly)] as const))(
  '%s',
  (_name, view) => {
    test.each(cases)('%s', (_title, row) => {
      expect(row.check(view)).toEqual([]);
    });
  },
);

test('an id belongs to one row, and says its section', () => {
  const ids = rows.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test('every list of rows that exists is read: by the list of all, or by a section', () => {
  const texts = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(import.meta.dirname, file), 'utf8') }));
  const lists = texts.filter(({ file, text }) => file !== 'index.ts' && /: readonly Row\[\]/.test(text));
  expect(lists.filter(({ file }) => !texts.some(({ text }) => text.includes(`'./${file}'`)))).toEqual([]);
});
