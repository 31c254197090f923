import { ok } from '../../../domain/result.ts';
import { type FieldError, type HttpResult, refused } from '../answer.ts';
import type { HttpRefusalCode } from '../refusals.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Bodies of the API are a few levels deep; a deep parse costs stack. */
const depthMax = 16;
/**
 * Parses JSON in which every name means one thing: a field named twice, at any depth, is refused (parsers disagree on which
 * counts), and so are names of inherited properties, such as `__proto__`. Depth and names are counted before the parse,
 * because the parse of a deep document blocks the process. Refusals: `malformed_json`, `duplicate_json_key`, `validation_failed`.
 */
export function parseStrictly(text: string, namesMax: number): HttpResult<Json> {
  const found = scan(text, namesMax);
  if (found !== null) return refused(found.code, found);
  try {
    // JSON.parse returns Json only.
    return ok(JSON.parse(text) as Json); // oxlint-disable-line typescript/no-unsafe-type-assertion
  } catch {
    // The parser's own message quotes the body, which must reach neither the client nor a log.
    return malformed;
  }
}

const malformed = refused('malformed_json');

type Finding = { code: HttpRefusalCode; detail?: string; errors?: FieldError[] };

/** The pointer is that of the whole body: the scan knows names, but not their paths. */
const refuseBody = (message: string): Finding => ({
  code: 'validation_failed',
  errors: [{ pointer: '', code: 'invalid_name', message }],
});

/**
 * Scans the text once, looking only at brackets and names. It need not understand malformed JSON, since the parser refuses
 * that; but its time must be linear in the length of the text.
 */
function scan(text: string, namesMax: number): Finding | null {
  const open: (Set<string> | null)[] = [];
  let names = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null);
      if (open.length > depthMax)
        return { code: 'malformed_json', detail: `The body is nested deeper than ${depthMax}.` };
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === '"') {
      const end = endOfString(text, at);
      const known = open.at(-1);
      if (known && isName(text, end)) {
        const name = nameAt(text, at, end);
        if (name === null) return null;
        names += 1;
        const finding = names > namesMax ? refuseBody(`has more than ${namesMax} fields`) : judge(name, known);
        if (finding !== null) return finding;
        known.add(name);
      }
      at = end;
    }
  }
  return null;
}

function judge(name: string, known: Set<string>): Finding | null {
  if (known.has(name)) return { code: 'duplicate_json_key', detail: 'A field is named twice in one object.' };
  if (name === 'prototype' || name in Object.prototype)
    return refuseBody('has a field with a name that is not allowed, such as `__proto__`');
  return null;
}

/** The position of the closing quote, or the end of the text when there is none: then the parser refuses it. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Whether a string that ends here is a name: a colon follows it. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return text[at] === ':';
}

/** The name without its quotes and escapes; two spellings of one name are one name. Null when it is malformed. */
function nameAt(text: string, start: number, end: number): string | null {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(text.slice(start, end + 1)));
  } catch {
    // A bad escape: the parser refuses the whole body.
    return null;
  }
}
