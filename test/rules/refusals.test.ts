import { expect, test } from '@jest/globals';
import { refusals } from '../../api/http/refusals.ts';
import { ledgerRefusals, type RefusalRow } from '../../domain/refusals.ts';
import { files, productFolders, read } from '../support/tree.ts';

/** Every no that we can say is said somewhere, and explained. */
const speakers = files(/\.(ts|sql)$/).filter(
  (file) =>
    productFolders.includes(file.split('/')[0] ?? '') &&
    !file.endsWith('.test.ts') &&
    !/^(domain|api\/http)\/refusals\.ts$/.test(file),
);
const spoken = speakers.map(read).join('\n');

const rows: [string, RefusalRow][] = Object.entries(refusals);

test.each(rows)('%s is used, or waits for what will say it', (code, { later }) => {
  if (later !== undefined) expect(spoken.includes(`'${code}'`)).toBe(false);
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
