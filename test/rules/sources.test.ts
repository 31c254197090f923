import { expect, test } from '@jest/globals';
import { readSources, type Source } from '../../drizzle/sources/tree.ts';
import { files, read, root, sources } from '../support/tree.ts';

/** The SQL of `ledger/`: a verb a file, its TypeScript beside it, and a header that is true. */
const all = readSources(root);
/** What also a reader may execute is a pure function, which any SQL of ours may use. */
const verbs = all.filter(({ execute }) => execute.length > 0 && !execute.includes('quittance_reader'));

/** An empty database has no partition: `migrate`, which stands below the ledger, makes the first. */
const otherCallers: Record<string, string[]> = { 'ledger/partitions/make.sql': ['drizzle/sources/apply.ts'] };

const declared = ({ statements }: Source) => statements.filter(({ kind }) => kind !== 'trigger');
const codeOf = (path: string): string => read(path).replaceAll(/--.*$/gm, '');

test.each(all.map((source) => [source.path, source] as const))('%s names exactly what it needs', (path, source) => {
  const code = codeOf(path);
  const used = all.filter((other) => other !== source && declared(other).some((one) => isUsed(one, code)));
  expect([...source.needs].toSorted()).toEqual(used.map((other) => other.path).toSorted());
});

test.each(verbs.map((source) => [source.path, source] as const))(
  '%s is one function that runs as the owner, in a fixed search path',
  (_, { statements }) => {
    const functions = statements.filter(({ kind }) => kind === 'function');
    expect(functions).toHaveLength(1);
    expect(functions[0]?.sql).toMatch(/\bsecurity definer set search_path = ledger, pg_temp\b/);
  },
);

test('every verb is called by the file beside it, and by no other', () => {
  const callers = sources().filter((file) => !/^(test|bench|docs)\//.test(file));
  const found = verbs.map(({ path, statements }) => {
    const call = new RegExp(`\\bselect ledger\\.${statements.find(({ kind }) => kind === 'function')?.name}\\(`);
    return [path, callers.filter((file) => call.test(read(file)))];
  });
  const beside = verbs.map(({ path }) => [path, [...(otherCallers[path] ?? []), path.replace('.sql', '.ts')]]);
  expect(found).toEqual(beside);
});

test('no statement has a name: behind a pooler the next call comes to a connection that never heard of it', () => {
  const named = files(/\.ts$/).filter((file) => /\.query(<[^>]*>+)?\(\s*\{\s*name:/.test(read(file)));
  expect(named.filter((file) => !/^(test|bench)\/|\.test\.ts$/.test(file))).toEqual([]);
});

test('a migration makes tables, constraints and roles: functions, types and trigger bindings are sources', () => {
  const made = files(/^drizzle\/migrations\/.*\.sql$/).flatMap((file) =>
    [...codeOf(file).matchAll(/\bcreate (?:or replace )?(?:function|procedure|trigger|type) .*/gi)].map(
      ([line]) => `${file}: ${line}`,
    ),
  );
  expect(made).toEqual([]);
});

test('no document runs SQL on the ledger: what a person does has a command, what a person reads an endpoint', () => {
  const sql = /\b(?:select|insert into|update|delete from|call)\b[^`]*\bledger\.\w+/gi;
  const found = files(/\.md$/)
    .filter((file) => !/^docs\/(adr|reviews)\//.test(file))
    .flatMap((file) => [...read(file).matchAll(/`[^`]+`/g)].map(([code]) => `${file}: ${code}`))
    .filter((code) => code.match(sql));
  expect(found).toEqual([]);
});

/** Whether the code uses a function (by calling it) or a type (as a word of its own). */
function isUsed({ kind, name }: Source['statements'][number], code: string): boolean {
  if (kind === 'function') return new RegExp(`(?<![\\w.])(?:ledger\\.)?${name}\\(`).test(code);
  const bare = code.replaceAll(/'[^'\n]*'/g, "''");
  return new RegExp(`\\bledger\\.${name}\\b|::${name}\\b|(?<![\\w.'])${name}(?=\\[\\]|;| :=|\\)|,)`).test(bare);
}
