import { expect, test } from '@jest/globals';
import { type Cell, csvRecord } from './csv.ts';

test.each<[string, Cell[], string]>([
  ['plain cells', ['a', 'b'], 'a,b\r\n'],
  ['nothing', [null, { text: null }, ''], ',,\r\n'],
  ['a comma', ['a,b'], '"a,b"\r\n'],
  ['a quote', ['say "x"'], '"say ""x"""\r\n'],
  ['a line end', ['a\nb', 'c\rd'], '"a\nb","c\rd"\r\n'],
  ['a negative amount', ['-100'], '-100\r\n'],
  ['letters of every language', [{ text: 'Žluťoučký 漢字 🎈' }], 'Žluťoučký 漢字 🎈\r\n'],
  ...['=1+1', '+1', '-1', '@SUM(A1)', '＝1', '＋1', '－1', '＠x', '\t=1'].map((text): [string, Cell[], string] => [
    `the formula ${text}`,
    [{ text }],
    `'${text}\r\n`,
  ]),
  ['a formula with a comma', [{ text: '=cmd|,x' }], '"\'=cmd|,x"\r\n'],
])('%s', (_, cells, line) => {
  expect(csvRecord(cells)).toBe(line);
});
