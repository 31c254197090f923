import { expect, test } from '@jest/globals';
import { refusalsLater } from '../../docs/generate/later.ts';
import { ledgerRefusals, refusals } from '../../domain/refusals.ts';
import { files, productFolders, read } from '../support/tree.ts';

/** Every no that we can say is said somewhere, and explained. */
const speakers = files(/\.(ts|sql)$/).filter(
  (file) =>
    productFolders.includes(file.split('/')[0] ?? '') && !file.endsWith('.test.ts') && file !== 'domain/refusals.ts',
);
const spoken = speakers.map(read).join('\n');

test.each(Object.keys(refusals))('%s is used, or waits for what will say it', (code) => {
  if (code in refusalsLater) expect(spoken.includes(`'${code}'`)).toBe(false);
  else expect(new RegExp(`['"\`]${code}['"\`]`).test(spoken)).toBe(true);
});

test.each(Object.keys(refusals))('%s is documented in docs/refusals.md', (code) => {
  expect(read('docs/refusals.md')).toContain(`### ${code}`);
});

test('what the ledger refuses is written in its functions', () => {
  const functions = files(/^ledger\/.*\.sql$/)
    .map(read)
    .join('\n');
  expect(ledgerRefusals.filter((code) => !functions.includes(`'${code}'`))).toEqual([]);
});
