import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paginate } from './paginate.ts';

const sizes = { first: 100, other: 200, forward: 10 };

test.each<[string, number[], [from: number, to: number][]]>([
  ['no row', [], [[0, 0]]],
  ['rows that fit exactly', [50, 50], [[0, 2]]],
  ['a row more, for which the first page ends with what it carries forward', [50, 40, 10], [[0, 3]]],
  [
    'a row that leaves no room for that',
    [50, 45, 10],
    [
      [0, 1],
      [1, 3],
    ],
  ],
  [
    'a page between',
    [90, 180, 190],
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  ],
  [
    'a row that is higher than a page',
    [500, 10],
    [
      [0, 1],
      [1, 2],
    ],
  ],
])('%s', (_, heights, pages) => {
  expect(paginate(heights, sizes).map(({ from, to }) => [from, to])).toEqual(pages);
});

test('every row is on one page, in its place, and no page is too high', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5, max: 90 }), { maxLength: 60 }), (heights) => {
      const pages = paginate(heights, sizes);
      expect(pages.flatMap(({ from, to }) => heights.slice(from, to))).toEqual(heights);
      expect(pages.map(({ isFirst }) => isFirst)).toEqual(pages.map((_, i) => i === 0));
      expect(pages.map(({ isLast }) => isLast)).toEqual(pages.map((_, i) => i === pages.length - 1));
      for (const { from, to, isFirst, isLast } of pages) {
        const used = heights.slice(from, to).reduce((sum, height) => sum + height, 0);
        const all = used + (isFirst ? 0 : sizes.forward) + (isLast ? 0 : sizes.forward);
        expect(all).toBeLessThanOrEqual(isFirst ? sizes.first : sizes.other);
      }
    }),
  );
});
