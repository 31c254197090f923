/**
 * Values that no field of a kind may have, as JSON text, so that what JSON.stringify would repair arrives as it is. Typed from
 * the rules of the API and of public bug reports, and not from what the API answers. Each is sent in every field of its kind.
 */
import { type BadValue, metadata, notText, ofOtherTypes, quoted } from './texts.ts';

const amounts: readonly BadValue[] = [
  ...notText,
  ['a number with cents', '10.00'],
  ['minus zero as a number', '-0'],
  ...(
    [
      ['nothing', ''],
      ['zero', '0'],
      ['zeros', '00'],
      ['a leading zero', '007'],
      ['minus one', '-1'],
      ['minus zero', '-0'],
      ['a plus', '+5'],
      ['cents', '10.00'],
      ['an exponent', '1e2'],
      ['hex', '0x10'],
      ['binary', '0b1'],
      ['a space before', ' 10'],
      ['a space after', '10 '],
      ['a space within', '1 0'],
      ['a line end after', '10\n'],
      ['a tab before', '\t10'],
      ['underscores', '1_000'],
      ['a comma', '1,000'],
      ['an apostrophe', "1'000"],
      ['NaN', 'NaN'],
      ['Infinity', 'Infinity'],
      ['a word', 'ten'],
      ['full-width digits', '１０'],
      ['Arabic digits', '١٠'],
      ['Devanagari digits', '१०'],
      ['a superscript', '1²'],
      ['NUL', '10\u0000'],
      ['a zero-width space', '10\u200b'],
      ['a byte order mark', '\ufeff10'],
      ['a minus sign of typography', '\u22125'],
      ['a currency', '$10'],
      ['a BigInt literal', '10n'],
      ['19 digits', '1000000000000000000'],
      ['the end of an int64', '9223372036854775807'],
      ['one more', '9223372036854775808'],
      ['10,000 digits', '9'.repeat(10_000)],
    ] as const
  ).map(([what, text]): BadValue => [what, quoted(text)]),
];

const codesOfCurrencies: readonly BadValue[] = [
  ...notText,
  ...[
    '',
    'usd',
    'Usd',
    'US',
    'USDX',
    ' USD',
    'USD ',
    'USD\n',
    'U\u0000D',
    'XXX',
    'XTS',
    'BTC',
    'HRK',
    'ZZZ',
    '840',
    'US$',
    'U\u0405D',
    'ＵＳＤ',
    'USD\u200b',
    '__proto__',
    'constructor',
  ].map((text): BadValue => [JSON.stringify(text), quoted(text)]),
];

/** `ac_` ids; each other thing has another prefix. */
const ids: readonly BadValue[] = [
  ...notText,
  ...(
    [
      ['nothing', ''],
      ['a word', 'x'],
      ['only the prefix', 'ac_'],
      ['a UUID', '019a8b3c-5d6e-7f80-9a1b-2c3d4e5f6071'],
      ['another prefix', 'tr_01m8jw41y5efmtpf5wcz4pqd5v'],
      ['no prefix', '01m8jw41y5efmtpf5wcz4pqd5v'],
      ['an upper-case prefix', 'AC_01m8jw41y5efmtpf5wcz4pqd5v'],
      ['upper case', 'ac_01M8JW41Y5EFMTPF5WCZ4PQD5V'],
      ['a hyphen', 'ac-01m8jw41y5efmtpf5wcz4pqd5v'],
      ['25 characters', 'ac_01m8jw41y5efmtpf5wcz4pqd5'],
      ['27 characters', 'ac_01m8jw41y5efmtpf5wcz4pqd5vv'],
      ['more than 128 bits', 'ac_81m8jw41y5efmtpf5wcz4pqd5v'],
      ['a letter that the alphabet lacks', 'ac_01m8jw41y5efmtpf5wcz4pqd5u'],
      ['a space before', ' ac_01m8jw41y5efmtpf5wcz4pqd5v'],
      ['a space after', 'ac_01m8jw41y5efmtpf5wcz4pqd5v '],
      ['a line end after', 'ac_01m8jw41y5efmtpf5wcz4pqd5v\n'],
      ['NUL after', 'ac_01m8jw41y5efmtpf5wcz4pqd5v\u0000'],
      ['full-width digits', 'ac_０１m8jw41y5efmtpf5wcz4pqd5v'],
      ['a wildcard', 'ac_%'],
      ['SQL', "ac_' or '1'='1"],
      ['10,000 characters', `ac_${'0'.repeat(10_000)}`],
    ] as const
  ).map(([what, text]): BadValue => [what, quoted(text)]),
];

const instants: readonly BadValue[] = [
  ...notText,
  ['seconds since 1970', '1764000000'],
  ...[
    '',
    'tomorrow',
    'now',
    'infinity',
    '2026-11-21',
    '13:00:00Z',
    '2026-11-21T13:00Z',
    '2026-11-21 13:00:00Z',
    '2026-11-21T13:00:00',
    '2026-11-21T13:00:00 Z',
    '2026-11-21T13:00:00.Z',
    '2026-11-21T13:00:00,5Z',
    '2026-11-21T13:00:00.1234567890Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T13:60:00Z',
    '2026-11-21T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-W48-1T00:00:00Z',
    '2026-325T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59Z',
    '10000-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '-2026-11-21T13:00:00Z',
    '2026-11-21T13:00:00+25:00',
    '2026-11-21T13:00:00+01:60',
    '2026-11-21T13:00:00+0100',
    '2026-11-21T13:00:00 01:00',
    '2026-11-21T13:00:00Europe/Warsaw',
    '2026-11-21T13:00:00Z[UTC]',
    ' 2026-11-21T13:00:00Z',
    '2026-11-21T13:00:00Z\n',
    '2026-11-21T13:00:00Z\u0000',
    '２０２６-11-21T13:00:00Z',
    'Sat, 21 Nov 2026 13:00:00 GMT',
  ].map((text): BadValue => [JSON.stringify(text), quoted(text)]),
];

const truths: readonly BadValue[] = [
  ['a list', '[]'],
  ['an object', '{}'],
  ['one', '1'],
  ['zero', '0'],
  ['the word', '"true"'],
  ['yes', '"yes"'],
  ['nothing', '""'],
];

const wholeNumbers: readonly BadValue[] = [
  ...ofOtherTypes,
  ['a text', '"5"'],
  ['a half', '1.5'],
  ['minus one', '-1'],
  ['more than is allowed', '1000000000'],
  ['2^53 + 1', '9007199254740993'],
  ['beyond all doubles', '1e400'],
];

const words: readonly BadValue[] = [
  ...notText,
  ['another word', '"nonsense"'],
  ['nothing', '""'],
  ['upper case', '"OPEN"'],
  ['a space after', '"open "'],
  ['a name that every object has', '"constructor"'],
];

const addresses: readonly BadValue[] = [
  ...notText,
  ...[
    '',
    'nonsense',
    '/hook',
    '//a.example/hook',
    'a.example',
    'https://',
    'https:///hook',
    'http:',
    'ftp://a.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'gopher://a.example/',
    'https://a.example/\u0000',
    'https://a.example/\r\nHost: b.example',
    'https://a.example/\u202e',
    `https://a.example/${'x'.repeat(2_048)}`,
  ].map((text): BadValue => [JSON.stringify(text).slice(0, 40), quoted(text)]),
];

const objects: readonly BadValue[] = [
  ['a text', '"x"'],
  ['a number', '5'],
  ['a list', '[]'],
  ['true', 'true'],
  ['an empty object', '{}'],
  ['an object of something else', '{"nonsense":"x"}'],
];

const lists: readonly BadValue[] = [
  ['a text', '"x"'],
  ['a number', '5'],
  ['an object', '{}'],
  ['true', 'true'],
  ['an empty list', '[]'],
  ['a list of null', '[null]'],
  ['a list of numbers', '[5]'],
  ['a list of lists', '[[]]'],
  ['a list of nonsense', '["nonsense"]'],
];

const routingNumbers: readonly BadValue[] = [
  ...notText,
  ...['', '02100002', '0210000210', '02100002x', '021 000 021', ' 021000021', '021000021\n', '０２１０００021'].map(
    (text): BadValue => [JSON.stringify(text), quoted(text)],
  ),
];

const accountNumbers: readonly BadValue[] = [
  ...notText,
  ...['', ' ', '1234 5678', '12_34', '12.34', '1234\n', "1'--", '１２３４', 'ñ', '1'.repeat(35), '12\u000034'].map(
    (text): BadValue => [JSON.stringify(text), quoted(text)],
  ),
];

const keys: readonly BadValue[] = [
  ...notText,
  ...['', '""', '"open', 'é', 'a\u0000b', 'a\nb', '\u{1f511}', 'k'.repeat(256)].map(
    (text): BadValue => [JSON.stringify(text).slice(0, 20), quoted(text)],
  ),
];

/** By kind of field. `text` is {@link textsAbove}, because each has its own length. */
export const badValues = {
  amount: amounts,
  currency: codesOfCurrencies,
  account: ids,
  instant: instants,
  metadata,
  truth: truths,
  wholeNumber: wholeNumbers,
  word: words,
  url: addresses,
  object: objects,
  list: lists,
  routingNumber: routingNumbers,
  accountNumber: accountNumbers,
  key: keys,
} as const;
