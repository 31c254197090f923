import { expect, test } from '@jest/globals';
import { proseOf } from '../support/prose.ts';
import { files, plant } from '../support/tree.ts';

/**
 * Plain words in what people read: documents, comments, error texts, log lines, titles of tests. Each phrase is refused
 * because readers stumble on it, and has the plain form that stands instead. Names are not looked at here.
 */
const plainForms: [refused: RegExp, plain: string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix, correct, repair'],
  [/\bfor ever\b/i, 'permanently, forever, without an end; or leave it out'],
  [/\bthe noes\b/i, 'negative answers'],
  [/\btwice is once\b/i, 'idempotent; a repetition changes nothing'],
  [/\bwants? (a person|one that can|somebody)\b/i, 'needs attention'],
  [/\bcalls? (for )?a person\b/i, 'raises an alarm, sets attention'],
  [/\b(their|its) like\b/i, 'and similar ones'],
  [/\bthe house\b|\bof the house\b/i, 'this code base, the repository'],
  [/\bghosts?\b/i, 'a late duplicate'],
  [/\bhears?\b/i, 'gets, receives, is answered'],
  [/\b(client|caller|customer|group|rail|bank)s? (is|are|was|were) told\b/i, 'is answered, is notified'],
  [/\b(anew|afresh)\b/i, 'again'],
  [/\bany more\b/i, 'no longer, now'],
  [/\bat last\b/i, 'finally, later, the last answer'],
  [/\bwhoever\b/i, 'the caller, the sender, the process that'],
  [
    /\b(lest|hence|thus|henceforth|thereby|whence|naught|learnt|twins?)\b/i,
    'so that, therefore, nothing, found, the same one',
  ],
  [/\bbut for\b/i, 'except'],
  [/\b(had leave|own affair|nobody's business)\b/i, 'had a lease; leave the others out'],
  [/\b(database|Temporal|Redis|Postgres|bank|rail) (that )?(is|was) away\b/i, 'does not answer'],
  [/\b(every|a|definite|the) no\b(?! )/i, 'a refusal, a rejection, a negative answer'],
];

/** Where a refused phrase is itself the subject. */
const subjects = /^(test\/rules\/prose\.test\.ts|docs\/reviews\/.*)$/;

const readable = files(/\.(ts|mjs|sql|md|yml|jsonc)$|^(Dockerfile|\.env\.example|\.ci\/run)$/).filter(
  (file) => !subjects.test(file) && !/^test\/histories\/.*\.json$/.test(file),
);

test('nearly every file is read', () => {
  expect(readable.length).toBeGreaterThan(400);
});

test.each(plainForms)('nothing says %s: %s', (refused) => {
  expect(readable.flatMap((file) => found(file, refused))).toEqual([]);
});

test.each([
  ['a document', plant('planted.md', '# A\n\nIt is kept for\never.')],
  ['a comment', plant('planted-1.ts', '// It is kept for\n// ever.\nconst a = 1;')],
  ['a doc comment', plant('planted-2.ts', '/**\n * It is kept for\n * ever.\n */\nexport const a = 1;')],
  ['a comment at the end of a line', plant('planted-3.ts', 'const a = 1; // kept for ever')],
  ['an error text', plant('planted-4.ts', 'throw new Error("kept for ever");')],
  ['a template', plant('planted-5.ts', `print(\`kept \${x} for ever\`);`)],
  ['a comment of SQL', plant('planted.sql', 'select 1; -- kept for\n-- ever')],
  ['a message of SQL', plant('planted-1.sql', "raise exception 'kept for ever';")],
  ['a comment of a settings file', plant('planted.yml', 'a: 1 # kept for ever')],
])('a refused phrase is found in %s', (_, file) => {
  expect(found(file, /\bfor ever\b/)).toHaveLength(1);
});

test('code is not prose', () => {
  const file = plant('planted-6.ts', 'const forEver = "ever"; // ok\nimport { a } from "./for-ever.ts";');
  expect(found(file, /for.?ever/i)).toEqual([]);
});

function found(file: string, refused: RegExp): string[] {
  return proseOf(file)
    .filter(({ text }) => refused.test(text))
    .map(({ line, text }) => `${file}:${line} says "${refused.exec(text)?.[0]}"`);
}
