import { expect, test } from '@jest/globals';
import { plainText, toDrawable } from './text.ts';

test.each([
  ['plain', 'Ada Lovelace', 'Ada Lovelace'],
  ['a letter in two code points', 'e\u0301', 'é'],
  ['line ends and tabs', 'a\r\nb\tc\u2028d', 'a b c d'],
  ['control characters', 'a\u0000b\u001bc\u0085d', 'a b c d'],
  ['what turns text around', 'invoice\u202egpj.exe\u2066!\u200f', 'invoicegpj.exe!'],
  ['what is not seen', 'pass\u00adword\u200b\ufeff\u2060', 'password'],
  ['half a character', 'a\ud83db', 'ab'],
  ['a code point that is none', 'a\uffffb', 'ab'],
  ['spaces around and between', '  a \u00a0\u202f b  ', 'a b'],
  ['nothing', '\u200b\n', ''],
  ['a variation of an emoji', '❤\ufe0f', '❤'],
])('%s', (_, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('what the font lacks is a question mark each, and counted', () => {
  const latin = (codePoint: number) => codePoint < 0x250;
  expect(toDrawable('Ada 山田 🎈 e\u0301', latin)).toEqual({ text: 'Ada ?? ? é', missing: 3 });
  expect(toDrawable('Why?', latin)).toEqual({ text: 'Why?', missing: 0 });
});
