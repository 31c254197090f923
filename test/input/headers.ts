import type { HttpRefusalCode } from '../../api/http/refusals.ts';

/** Headers of a write that is right otherwise. Null takes the usual one away; a list sends it more than once. */
export type BadHeader = readonly [
  what: string,
  headers: Record<string, string | string[] | null>,
  code: HttpRefusalCode,
];

/** On each route that takes a body. */
export const badBodyHeaders: readonly BadHeader[] = [
  ['no media type', { 'content-type': null }, 'unsupported_media_type'],
  ['an empty media type', { 'content-type': '' }, 'unsupported_media_type'],
  ['half a media type', { 'content-type': 'application' }, 'unsupported_media_type'],
  ['text', { 'content-type': 'text/plain' }, 'unsupported_media_type'],
  ['JSON as text', { 'content-type': 'text/json' }, 'unsupported_media_type'],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'unsupported_media_type'],
  ['a form of parts', { 'content-type': 'multipart/form-data; boundary=x' }, 'unsupported_media_type'],
  ['a JSON patch', { 'content-type': 'application/json-patch+json' }, 'unsupported_media_type'],
  ['a problem', { 'content-type': 'application/problem+json' }, 'unsupported_media_type'],
  ['two media types in one', { 'content-type': 'application/json, text/plain' }, 'unsupported_media_type'],
  ['two media types', { 'content-type': ['application/json', 'text/plain'] }, 'header_repeated'],
  ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }, 'unsupported_media_type'],
  ['Latin-1', { 'content-type': 'application/json; charset=iso-8859-1' }, 'unsupported_media_type'],
  ['gzip', { 'content-encoding': 'gzip' }, 'unsupported_media_type'],
  ['brotli', { 'content-encoding': 'br' }, 'unsupported_media_type'],
  ['two encodings', { 'content-encoding': 'gzip, gzip' }, 'unsupported_media_type'],
];

/** On every route. */
export const badCallerHeaders: readonly BadHeader[] = [
  ['no key', { authorization: null }, 'unauthorized'],
  ['an empty key', { authorization: '' }, 'unauthorized'],
  ['only Bearer', { authorization: 'Bearer' }, 'unauthorized'],
  ['an unknown key', { authorization: `Bearer qk_${'A'.repeat(43)}` }, 'unauthorized'],
  ['another scheme', { authorization: 'Basic cWs6' }, 'unauthorized'],
  ['two keys', { authorization: ['Bearer a', 'Bearer b'] }, 'header_repeated'],
];

/** On each route that needs an Idempotency-Key. */
export const badKeyHeaders: readonly BadHeader[] = [
  ['no idempotency key', { 'idempotency-key': null }, 'idempotency_key_missing'],
  ['an empty one', { 'idempotency-key': '' }, 'idempotency_key_invalid'],
  ['an empty quoted one', { 'idempotency-key': '""' }, 'idempotency_key_invalid'],
  ['an open quote', { 'idempotency-key': '"k' }, 'idempotency_key_invalid'],
  ['an escape that is none', { 'idempotency-key': '"a\\n"' }, 'idempotency_key_invalid'],
  ['a parameter', { 'idempotency-key': '"k";a=b' }, 'idempotency_key_invalid'],
  ['a tab', { 'idempotency-key': 'a\tb' }, 'idempotency_key_invalid'],
  ['Latin-1', { 'idempotency-key': 'cl\u00e9' }, 'idempotency_key_invalid'],
  ['256 characters', { 'idempotency-key': 'k'.repeat(256) }, 'idempotency_key_invalid'],
  ['two', { 'idempotency-key': ['a', 'b'] }, 'header_repeated'],
];
