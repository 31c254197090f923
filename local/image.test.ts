import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

/** That the image has what its programs need can be tested without a container engine. */
const root = join(import.meta.dirname, '..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The folders and files of the checkout that the image is made of. */
const copied = [...textOf('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) =>
  paths.split(' '),
);
const admitted = [...textOf('.dockerignore').matchAll(/^!(\S+)$/gm)].map(([, path = '']) => path);
const programs = ['api/main.ts', 'worker/main.ts', 'worker/bundle.ts', 'simulator/main.ts', 'drizzle/migrate.ts'];

test('the build is given exactly what the image copies, and all of it exists', () => {
  expect(admitted.toSorted()).toEqual([...new Set(copied)].toSorted());
  expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each([...programs, 'operator/main.ts'])('the image has every file that %s imports', (program) => {
  const missing = [...importsOf(program)].filter(
    (file) => !copied.some((path) => file === path || file.startsWith(`${path}/`)),
  );
  expect(missing).toEqual([]);
});

/** The files that a program imports, itself among them, whether at once or later. */
function importsOf(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { fileName } of ts.preProcessFile(textOf(file), true, true).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    const path = relative(root, join(root, dirname(file), fileName));
    if (path.endsWith('.ts')) importsOf(path, found);
    else found.add(path);
  }
  return found;
}
