import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@jest/globals';
import { exportsOf, importsOf } from '../support/syntax.ts';
import { files, productFolders, read, sources } from '../support/tree.ts';

/** A value is exported for somebody. Exported for nobody, it is dead or belongs inside its file. Types may explain a signature. */
const code = files(/\.(ts|mjs)$/);

/** Read by a tool or by Temporal, not by an import. */
const entrances = /^(workflows\/(index|versioned)\.ts|drizzle\/schema\/\w+\.ts)$/;

/** What no program uses, and why it stays nevertheless. A test is no use: it keeps alive what it tests. */
const kept: Record<string, string> = {
  'domain/ids.ts millisecondsOf':
    'The ledger reads the age of an id in SQL; ledger/agreement.test.ts compares the two.',
  'domain/ids.ts toRailKey': 'The ledger makes rail keys in SQL; ledger/agreement.test.ts compares the two.',
  'domain/transfer.ts isAllowed':
    'The state table as a question, which every test of transfers asks of the book at its end.',
  'ledger/verify/columns.ts columnRules':
    'What the auditor sees, column by column: docs/verify.md and a test of the schema read it.',
  'ledger/verify/columns.ts otherTables': 'The other tables, for the same page and test.',
  'ledger/verify/invariants.ts invariants':
    'Which check shows which invariant: docs/verify.md and a test of what is planted read it.',
};

const exported = sources([...productFolders, 'simulator', 'local', 'bench'])
  .filter((file) => !entrances.test(file))
  .flatMap((file) => exportsOf(file, { onlyValues: true }).map((name) => ({ file, name })));

test('every exported value is imported by another file', () => {
  expect(exported.filter(isUnusedBy(code)).map(named)).toEqual([]);
});

test('every exported value is used by a program, in its own file or in another, or is kept for a reason', () => {
  // `local` serves the tests too: what it exports for them is its work.
  const running = exported.filter(({ file }) => !file.startsWith('local/'));
  const programs = code.filter((file) => !/\.test\.ts$|^(test|docs)\//.test(file));
  const dead = running.filter(isUnusedBy(programs)).filter(({ file, name }) => !isMentioned(name, file));
  expect(dead.map(named).toSorted()).toEqual(Object.keys(kept));
});

type Export = { file: string; name: string };

const named = ({ file, name }: Export): string => `${file} ${name}`;

function isUnusedBy(users: readonly string[]): (one: Export) => boolean {
  const used = new Set(users.flatMap(imported));
  return ({ file, name }) => !used.has(`${file} ${name}`) && !used.has(`${file} *`);
}

/** Whether the code of a file has the name a second time, besides its export. */
function isMentioned(name: string, file: string): boolean {
  const text = read(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length > 1;
}

/** `file name` for each name that a file imports, `file *` when it imports the whole. */
function imported(file: string): string[] {
  return importsOf(file).flatMap(({ from, names, all }) => {
    if (!from.startsWith('.')) return [];
    const target = normalize(join(dirname(file), from));
    return all ? [`${target} *`] : names.map((name) => `${target} ${name}`);
  });
}
