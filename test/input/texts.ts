/** A value that a field may not have, as JSON text, so that what JSON.stringify would repair arrives as it is. */
export type BadValue = readonly [what: string, json: string];

export const quoted = (text: string): string => JSON.stringify(text);
export const ofOtherTypes: readonly BadValue[] = [
  ['a list', '[]'],
  ['a list of one', '["x"]'],
  ['an object', '{}'],
  ['true', 'true'],
];
export const notText: readonly BadValue[] = [
  ...ofOtherTypes,
  ['a number', '10'],
  ['a number beyond all doubles', '1e400'],
];

/** One line of text for people, of at most so many characters. */
export const textsAbove = (max: number): readonly BadValue[] => [
  ...notText,
  ['one character too many', quoted('x'.repeat(max + 1))],
  ['half of a character', '"a\\ud800"'],
  ['the other half', '"\\udc00a"'],
  ['halves in the wrong order', '"\\udc00\\ud800"'],
  ...(
    [
      ['nothing', ''],
      ['a space', ' '],
      ['a space that keeps a line whole', '\u00a0'],
      ['an ideographic space', '\u3000'],
      ['a Hangul filler', '\u3164'],
      ['an empty Braille pattern', '\u2800'],
      ['only an accent', '\u0301'],
      ['only a joiner', '\u200d'],
      ['only a variation selector', '\ufe0f'],
      ['NUL', 'a\u0000b'],
      ['a bell', 'a\u0007'],
      ['a backspace', 'a\bb'],
      ['an escape', 'a\u001b[31mb'],
      ['a line feed', 'a\nb'],
      ['a carriage return', 'a\rb'],
      ['a tab', 'a\tb'],
      ['a delete', 'a\u007fb'],
      ['a next line', 'a\u0085b'],
      ['a line separator', 'a\u2028b'],
      ['a paragraph separator', 'a\u2029b'],
      ['a right-to-left override', 'a\u202eb'],
      ['a right-to-left mark', 'a\u200fb'],
      ['a left-to-right isolate', 'a\u2066b'],
      ['an Arabic letter mark', 'a\u061cb'],
      ['a zero-width space', 'a\u200bb'],
      ['a word joiner', 'a\u2060b'],
      ['a soft hyphen', 'a\u00adb'],
      ['a byte order mark', '\ufeffa'],
      ['an interlinear annotation', 'a\ufff9b'],
      ['a tag of language', 'a\u{e0041}b'],
      ['no character', 'a\uffffb'],
    ] as const
  ).map(([what, text]): BadValue => [what, quoted(text)]),
];

/** Texts of a client, by name. */
export const metadata: readonly BadValue[] = [
  ['text', '"a"'],
  ['a number', '5'],
  ['a list', '[]'],
  ['a list of pairs', '[["a","b"]]'],
  ['true', 'true'],
  ['a number in it', '{"a":1}'],
  ['an object in it', '{"a":{"b":"c"}}'],
  ['a list in it', '{"a":["b"]}'],
  ['false in it', '{"a":false}'],
  ['an empty text', '{"a":""}'],
  ['a blank text', '{"a":" "}'],
  ['NUL in a text', '{"a":"b\\u0000"}'],
  ['a line end in a text', '{"a":"b\\nc"}'],
  ['a direction mark in a text', '{"a":"b\\u202ec"}'],
  ['half of a character in a text', '{"a":"\\ud83d"}'],
  ['501 characters in a text', `{"a":"${'x'.repeat(501)}"}`],
  ['an empty name', '{"":"a"}'],
  ['a dot in a name', '{"a.b":"c"}'],
  ['a space in a name', '{"a b":"c"}'],
  ['a slash in a name', '{"a/b":"c"}'],
  ['a dollar in a name', '{"$ref":"c"}'],
  ['an accent in a name', '{"é":"c"}'],
  ['NUL in a name', '{"a\\u0000":"c"}'],
  ['a name of 41 characters', `{"${'n'.repeat(41)}":"c"}`],
  ['51 names', JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${n}`, 'x'])))],
];
