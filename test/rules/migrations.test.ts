import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { files, read } from '../support/tree.ts';

/**
 * Migrations are append-only: one that may have run somewhere is never edited, renamed or removed. Their hashes are
 * sealed in migrations.sha256.json; `npm run generate` adds a new one and never touches an old one.
 */
const sealed: Record<string, string> = JSON.parse(read('test/rules/migrations.sha256.json'));
const present = files(/^drizzle\/migrations\/[^/]+\.sql$/);

test('every sealed migration is there, unchanged', () => {
  const now = Object.fromEntries(present.map((file) => [file, createHash('sha256').update(read(file)).digest('hex')]));
  expect(Object.fromEntries(Object.keys(sealed).map((file) => [file, now[file]]))).toEqual(sealed);
});

test('every migration is sealed: run `npm run generate` after adding one', () => {
  expect(Object.keys(sealed).sort()).toEqual(present);
});

test('the journal lists every migration once, in order', () => {
  const journal: { entries: { idx: number; tag: string; when: number }[] } = JSON.parse(
    read('drizzle/migrations/meta/_journal.json'),
  );
  expect(journal.entries.map(({ tag }) => `drizzle/migrations/${tag}.sql`)).toEqual(present);
  expect(journal.entries.map(({ idx }) => idx)).toEqual(present.map((_, index) => index));
  const times = journal.entries.map(({ when }) => when);
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test.each(present)('%s begins by saying what it does and how long it locks', (file) => {
  expect(read(file)).toMatch(/^--/);
  expect(read(file).slice(0, 1500)).toMatch(/lock/i);
});
