import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { exists, productFolders, root, toolFolders } from '../support/tree.ts';

/** Folders that come later, each with a decision record of its own; until then nothing may stand there. */
const later = ['console'];

test.each([...productFolders, ...toolFolders])('%s/ exists', (folder) => {
  expect(exists(folder)).toBe(true);
});

test('there is no other top folder, and none of those that come later', () => {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$|coverage$)/.test(entry.name),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...productFolders, ...toolFolders].sort());
  expect(later.filter(exists)).toEqual([]);
});

test.each([
  'README.md',
  'ARCHITECTURE.md',
  'STYLE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'LICENSE',
  '.editorconfig',
  '.env.example',
  '.ci/run',
  'Dockerfile',
  'docker-compose.yml',
  'docs/glossary.md',
  'docs/adr',
  'docs/how-to',
  'docs/runbooks',
  'test/histories',
  'test/each-step.test.ts',
])('%s exists', (path) => {
  expect(exists(path)).toBe(true);
});
