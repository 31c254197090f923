import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { exportsOf, importsOf } from '../support/syntax.ts';
import { files, productFolders, sources } from '../support/tree.ts';

/** A value is exported for somebody. Exported for nobody, it is dead or belongs inside its file. Types may explain a signature. */
const code = files(/\.(ts|mjs)$/);

/** Read by a tool or by Temporal, not by an import. */
const entrances = /^(workflows\/index\.ts|drizzle\/schema\.ts)$/;

test('every exported value is imported by another file', () => {
  const used = new Set(code.flatMap(imported));
  const unused = sources([...productFolders, 'simulator', 'local', 'bench'])
    .filter((file) => !entrances.test(file))
    .flatMap((file) => exportsOf(file, { onlyValues: true }).map((name) => [`${file} ${name}`, `${file} *`] as const))
    .filter(([name, whole]) => !used.has(name) && !used.has(whole))
    .map(([name]) => name);
  expect(unused).toEqual([]);
});

/** `file name` for each name that a file imports, `file *` when it imports the whole. */
function imported(file: string): string[] {
  return importsOf(file).flatMap(({ from, names, all }) => {
    if (!from.startsWith('.')) return [];
    const target = normalize(join(dirname(file), from));
    return all ? [`${target} *`] : names.map((name) => `${target} ${name}`);
  });
}
