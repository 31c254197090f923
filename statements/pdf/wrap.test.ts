import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Pen, Style } from './pen.ts';
import { shorten, sizeFor, wrap, wrapJoined } from './wrap.ts';

/** A pen whose every code unit is as wide as its size. */
const pen: Pen = {
  width: (text, { size }) => text.length * size,
  ...{ write: () => {}, writeLeftOf: () => {}, box: () => {}, rule: () => {} },
};
const style: Style = { weight: 'regular', size: 1, color: '#000000' };
const setting = { pen, style };

test.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['what fits', 'one two', ['one two']],
  ['words', 'one two three', ['one two', 'three']],
  ['a word that is longer than a line', 'a incomprehensibly b', ['a', 'incomprehe', 'nsibly b']],
  ['marks stay with their letters', 'xxxxxxxxxe\u0301\u0302y', ['xxxxxxxxx', 'e\u0301\u0302y']],
])('%s', (_, text, lines) => {
  expect(wrap(text, 10, setting)).toEqual(lines);
});

test('nothing is lost, and no line is too long', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 30 }), { minLength: 1 }), (words) => {
      const text = words.map((word) => word.replaceAll(/\s/g, '_')).join(' ');
      const lines = wrap(text, 12, setting);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      expect(lines.filter((line) => line.length > 12 && !/\p{M}/u.test(line))).toEqual([]);
    }),
  );
});

test('texts are joined while they fit', () => {
  expect(wrapJoined(['ab', 'cd', 'efgh', 'ijklmnopqrstuvw'], 10, setting)).toEqual([
    'ab · cd',
    'efgh',
    'ijklmnopqr',
    'stuvw',
  ]);
  expect(wrapJoined([], 10, setting)).toEqual([]);
});

test('a text is shortened with an ellipsis, and a size is found in which all fit', () => {
  expect([shorten('short', 10, setting), shorten('much too long', 10, setting)]).toEqual(['short', 'much too…']);
  const sizes = [4, 3, 2];
  expect([20, 12, 1].map((width) => sizeFor(['abc', 'a'], sizes, { ...setting, width }))).toEqual([4, 4, 2]);
});
