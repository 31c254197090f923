import type { HttpRefusalCode } from '../../api/http/refusals.ts';

/** Bodies that no write takes, whatever its fields: bytes, the refusal, and, where fields are named, the pointer. */
export type BadBody = readonly [what: string, body: string | Buffer, code: HttpRefusalCode, pointer?: string];

const malformed: readonly [what: string, text: string][] = [
  ['an open object', '{'],
  ['a closed object', '}'],
  ['an open text', '{"a":"b'],
  ['an open list', '{"a":['],
  ['brackets that cross', '{"a":[}]'],
  ['a comma too many', '{"a":"b",}'],
  ['a comma first', '{,"a":"b"}'],
  ['no comma', '{"a":"b" "c":"d"}'],
  ['no colon', '{"a" "b"}'],
  ['a name without quotes', '{a:"b"}'],
  ['single quotes', "{'a':'b'}"],
  ['a comment', '{"a":"b"} // c'],
  ['a comment within', '{/* c */"a":"b"}'],
  ['two documents', '{"a":"b"}{"c":"d"}'],
  ['a document and a word', '{"a":"b"} x'],
  ['a byte order mark', '\ufeff{"a":"b"}'],
  ['NaN', '{"a":NaN}'],
  ['Infinity', '{"a":-Infinity}'],
  ['undefined', '{"a":undefined}'],
  ['True', '{"a":True}'],
  ['half a word', '{"a":nul}'],
  ['hex', '{"a":0x10}'],
  ['a leading zero', '{"a":01}'],
  ['a plus', '{"a":+1}'],
  ['a point first', '{"a":.5}'],
  ['a point last', '{"a":5.}'],
  ['an open exponent', '{"a":1e}'],
  ['a line end in a text', '{"a":"b\nc"}'],
  ['NUL in a text', '{"a":"b\u0000c"}'],
  ['an unknown escape', '{"a":"\\q"}'],
  ['half an escape', '{"a":"\\u12"}'],
  ['an escape of hex', '{"a":"\\x41"}'],
  ['a form', 'a=b&c=d'],
  ['XML', '<a>b</a>'],
  ['YAML', 'a: b'],
  ['a space of typography', '{"a":\u00a0"b"}'],
  ['17 levels', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`],
  ['17 lists', `{"a":${'['.repeat(17)}${']'.repeat(17)}}`],
  ['30,000 levels', '['.repeat(30_000)],
];

const twice: readonly [what: string, text: string][] = [
  ['a name twice', '{"zz":"b","zz":"b"}'],
  ['a name twice, once escaped', '{"zz":"b","\\u007az":"b"}'],
  ['a name twice within', '{"zz":{"b":1,"b":1}}'],
  ['a name twice in a list', '{"zz":[{"b":1,"b":1}]}'],
];

const wrongNames: readonly [what: string, text: string][] = [
  ['__proto__', '{"__proto__":{"a":"b"}}'],
  ['__proto__, escaped', '{"\\u005f_proto__":"x"}'],
  ['__proto__ within', '{"zz":{"__proto__":"x"}}'],
  ['constructor', '{"constructor":{"prototype":"x"}}'],
  ['prototype', '{"prototype":"x"}'],
  ['toString', '{"toString":"x"}'],
  ['hasOwnProperty in a list', '{"zz":[{"hasOwnProperty":"x"}]}'],
];

const notObjects: readonly [what: string, text: string][] = [
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '5'],
  ['a text', '"x"'],
  ['a list', '[]'],
  ['a list of objects', '[{}]'],
];

export const badBodies: readonly BadBody[] = [
  ...malformed.map(([what, text]): BadBody => [what, text, 'malformed_json']),
  ['UTF-16', Buffer.from('{"a":"b"}', 'utf16le'), 'malformed_json'],
  ['a lone byte of UTF-8', Buffer.from([0x7b, 0x22, 0x80, 0x22, 0x3a, 0x31, 0x7d]), 'malformed_json'],
  ['a cut character', Buffer.from([0x22, 0xe2, 0x82, 0x22]), 'malformed_json'],
  ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'malformed_json'],
  ['half of a character in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'malformed_json'],
  ['Latin-1', Buffer.from('{"a":"\u00e9"}', 'latin1'), 'malformed_json'],
  ['compressed', Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00]), 'malformed_json'],
  ...twice.map(([what, text]): BadBody => [what, text, 'duplicate_json_key']),
  ...wrongNames.map(([what, text]): BadBody => [what, text, 'validation_failed', '']),
  ...notObjects.map(([what, text]): BadBody => [what, text, 'validation_failed', '']),
  ['a field that nobody knows', '{"nonsense":"x"}', 'validation_failed', '/nonsense'],
  ['a field with a slash', '{"a/b~c":"x"}', 'validation_failed', '/a~1b~0c'],
  ['an empty name', '{"":"x"}', 'validation_failed', '/'],
];
