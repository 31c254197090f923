import { expect, test } from '@jest/globals';
import { isPlain, isVisible } from './text.ts';

test.each([
  ['control', '\u0007'],
  ['delete', '\u007f'],
  ['a C1 control', '\u0085'],
  ['a new line', 'a\nb'],
  ['a line separator', '\u2028'],
  ['half a character', '\ud83d'],
  ['a right-to-left override', '\u202e'],
  ['an isolate', '\u2066'],
  ['a zero-width space', 'a\u200bb'],
  ['a word joiner', 'a\u2060b'],
  ['a soft hyphen', 'a\u00adb'],
  ['a byte order mark', '\ufeffa'],
  ['an invisible plus', 'a\u2064b'],
  ['a tag', 'a\u{e0041}'],
  ['an interlinear anchor', 'a\ufff9b'],
  ['no character', 'a\uffff'],
])('a text with %s is not plain', (_, text) => {
  expect(isPlain(text)).toBe(false);
});

test.each(['Ada', 'Zoë', 'می‌خواهم', 'क्‍ष', '👩‍👩‍👧', '🏳️‍🌈', '東京', 'العدد \u06dd٢', 'a\u0301', 'ㅤㅤA'])(
  '%s is plain and visible',
  (text) => {
    expect([isPlain(text), isVisible(text)]).toEqual([true, true]);
  },
);

test.each([
  ['white space', ' \t\u00a0\u3000'],
  ['a zero-width space', '\u200b'],
  ['joiners', '\u200c\u200d'],
  ['a Hangul filler', '\u3164'],
  ['another Hangul filler', '\uffa0\u115f'],
  ['an empty Braille pattern', '\u2800'],
  ['a grapheme joiner', '\u034f'],
  ['a variation selector', '\ufe0f'],
  ['a mark without a letter', '\u0301'],
])('nobody sees %s', (_, text) => {
  expect(isVisible(text)).toBe(false);
});
