import { expect, test } from '@jest/globals';
import { refusals } from '../../api/http/refusals.ts';
import { ledgerRefusals } from '../../domain/refusals.ts';
import { files, productFolders, read } from '../support/tree.ts';

/** Every refusal is used, tried and explained. */
const speakers = files(/\.(ts|sql)$/).filter(
  (file) =>
    productFolders.includes(file.split('/')[0] ?? '') &&
    !file.endsWith('.test.ts') &&
    !/^(domain|api\/http)\/refusals\.ts$/.test(file),
);
const spoken = speakers.map(read).join('\n');

const codes = Object.keys(refusals);

/** The code as a constant: what a file answers, or what a test expects. */
const named = (code: string, text: string) => new RegExp(`['"\`]${code}['"\`]`).test(text);

test.each(codes)('%s is used', (code) => {
  expect(named(code, spoken)).toBe(true);
});

/** A refusal that cannot fire passes every other test: so each is expected by one that makes it fire. */
test.each(codes)('%s is expected by a test that sends what is refused', (code) => {
  const isOfLedger = ledgerRefusals.some((one) => one === code);
  const tests = isOfLedger ? ['ledger/transfers/reserve.test.ts'] : files(/^(api|test\/e2e)\/.*\.test\.ts$/);
  expect(tests.filter((file) => named(code, read(file)))).not.toEqual([]);
});

test.each(codes)('%s is documented in docs/refusals.md', (code) => {
  expect(read('docs/refusals.md')).toContain(`### ${code}`);
});

test('what the ledger refuses is written in its functions', () => {
  const functions = files(/^ledger\/.*\.sql$/)
    .map(read)
    .join('\n');
  expect(ledgerRefusals.filter((code) => !functions.includes(`'${code}'`))).toEqual([]);
});
