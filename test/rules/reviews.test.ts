import { expect, test } from '@jest/globals';
import { exists, files, read } from '../support/tree.ts';

/** The table of what reviews found: a row without a test or a decision record is a claim. */
const page = read('docs/reviews/first-release.md');
const rows = page
  .slice(0, page.indexOf('## Open'))
  .split('\n')
  .filter((line) => /^\| (?!finding|---)/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

test('every finding has a row', () => {
  const numbered = (letter: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${letter}${from + i}`);
  const wanted = [
    ...numbered('M-', 1, 16),
    ...numbered('H', 1, 5),
    ...['M6', 'M7', 'M12', 'M14', 'M15'],
    ...numbered('L', 16, 26),
    ...numbered('F', 1, 29),
    ...['P06', 'P03', 'I01', 'E13', 'W04', 'W11', 'B01', 'W05', 'T04', 'H18', 'T02', 'E03', 'H04', 'H02', 'W03', 'E05'],
    ...['T05', 'R01', 'P01', 'D12', 'H10'],
  ];
  expect(wanted.filter((id) => !new RegExp(`\\| [^|]*${id}(?!\\d)[^|]* \\|`).test(page))).toEqual([]);
});

test('what holds a row is a file of the repository', () => {
  const known = files(/\.(ts|md|yml)$/);
  for (const [, finding = '', , heldBy = ''] of rows) {
    const named = [...heldBy.matchAll(/`?((?:[\w.-]+\/)+[\w.-]+\.(?:ts|md|yml))`?/g)].map(([, path = '']) => path);
    const records = [...heldBy.matchAll(/docs\/adr\/(\d{4})/g)].map(([, number = '']) => `docs/adr/${number}`);
    expect([finding, named.filter((path) => !exists(path) && !known.includes(path))]).toEqual([finding, []]);
    expect([finding, records.filter((record) => !known.some((file) => file.startsWith(record)))]).toEqual([
      finding,
      [],
    ]);
  }
});
