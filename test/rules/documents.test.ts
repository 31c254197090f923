import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { exists, files, productFolders, read, toolFolders } from '../support/tree.ts';

/** Documents rot where nobody checks them: what they name must exist. */
const documents = files(/\.md$/);
const scripts: unknown = JSON.parse(read('package.json')).scripts;
const topFolders = [...productFolders, ...toolFolders, '\\.ci'].join('|');

/** Paths that documents may name although nothing stands there: made at run time, or in an example. */
const madeLater = [/^local\/$/, /<|…|\*|\{/, /^docs\/adr\/NNNN/];

test.each(documents)('%s has one title, on its first line', (file) => {
  const titles = prose(file).match(/^# .+$/gm) ?? [];
  expect(titles).toHaveLength(1);
  expect(read(file).trimStart().startsWith('# ') || /^(<!--[\s\S]*?-->)\s*# /.test(read(file))).toBe(true);
});

test.each(documents)('every path that %s names exists', (file) => {
  const quoted = [...prose(file).matchAll(/`([^`\n]+)`/g)].flatMap(([, text = '']) => text.split(/\s+/));
  const paths = quoted
    .map((text) => text.replace(/[:,;.]+$/, '').replace(/:\d+$/, ''))
    .filter((text) => new RegExp(`^(${topFolders})/`).test(text));
  expect(paths.filter((path) => !exists(path) && !madeLater.some((form) => form.test(path)))).toEqual([]);
});

test.each(documents)('every link of %s leads somewhere', (file) => {
  const targets = [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const local = targets
    .filter((target) => !/^(https?:|mailto:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ''));
  expect(local.filter((target) => !exists(normalize(join(dirname(file), target))))).toEqual([]);
});

test.each(documents)('every place in a document that a link of %s names is there', (file) => {
  const links = [...prose(file).matchAll(/\]\(([^)\s:#]*)#([^)\s]+)\)/g)];
  const missing = links.filter(([, target = '', anchor = '']) => {
    const path = target === '' ? file : normalize(join(dirname(file), target));
    return path.endsWith('.md') && !anchorsOf(path).includes(anchor);
  });
  expect(missing.map(([link]) => link)).toEqual([]);
});

test.each(documents)('every npm script that %s names is in package.json', (file) => {
  const named = [...read(file).matchAll(/npm (?:run ([a-z][a-z:-]*)|(start|test)\b)/g)].map(
    ([, run, verb]) => run ?? verb ?? '',
  );
  expect(named.filter((name) => !Object.hasOwn(Object(scripts), name))).toEqual([]);
});

test('every bound has its reason: a comment beside it in the code', () => {
  const bounds = read('docs/bounds.md').match(/^\| `[a-z]+\/.*$/gm) ?? [];
  expect(bounds.length).toBeGreaterThan(100);
  expect(bounds.filter((row) => /\|\s*\|$/.test(row))).toEqual([]);
});

test('comments name only documents that exist', () => {
  const inCode = files(/\.(ts|mjs|sql)$/).flatMap((file) => comments(file).map((comment) => ({ file, comment })));
  const missing = inCode.flatMap(({ file, comment }) =>
    [...comment.matchAll(/(?<![\w./-])(?:[\w.-]+\/)*[\w-]+\.md\b|\bDESIGN\b/g)]
      .map(([name]) => name)
      .filter((name) => !exists(name) && !exists(join(dirname(file), name)))
      .map((name) => `${file}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test('every decision record has its date, status, context, decision and consequences, and its own number', () => {
  const records = files(/^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/);
  for (const file of records) {
    for (const part of [
      /^Date: \d{4}-\d\d-\d\d$/m,
      /^Status: /m,
      /^## Context$/m,
      /^## Decision$/m,
      /^## Consequences$/m,
    ]) {
      expect([file, part.source, part.test(read(file))]).toEqual([file, part.source, true]);
    }
    expect([file, read(file).split('\n').length < 80]).toEqual([file, true]);
  }
  const numbers = records.map((file) => file.slice('docs/adr/'.length, 'docs/adr/'.length + 4));
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')));
});

test('no file names the machine it was written on', () => {
  const text = files(/\.(ts|mjs|md|json|jsonc|yml|yaml|sql|go|mod)$|^(Dockerfile|\.env\.example|\.ci\/run)$/);
  const strange = text.filter((file) => file !== 'test/rules/documents.test.ts');
  expect(strange.filter((file) => /\/work\/(main|shared)|\/tmp\/q\b|\/root\//.test(read(file)))).toEqual([]);
});

/** The text of a file's comments, a line each: whole lines, and what follows code on a line. */
function comments(file: string): string[] {
  const form = file.endsWith('.sql') ? /(?:^|\s)--\s(.*)$/ : /(?:^|\s)(?:\/\/|\/\*\*?|\*)\s(.*)$/;
  return read(file)
    .split('\n')
    .flatMap((line) => form.exec(line)?.[1] ?? []);
}

/** The places of a document, as GitHub names them after its headings. */
function anchorsOf(file: string): string[] {
  return [...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The document without its code blocks: what stands in them is an example. */
function prose(file: string): string {
  return read(file).replaceAll(/^```[\s\S]*?^```/gm, '');
}
