import { at, isObject, type Json, listAt, textAt } from './json.ts';

/** A request as the firewall sees it: header names in lower case. */
export type FirewallRequest = {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  bodyBytes: number;
};

/**
 * Whether a statement of WAF takes a request. Knows the kinds of statements that we write ourselves, and throws at any other: Amazon's
 * own groups cannot be judged here.
 */
export function takes(statement: Json | undefined, request: FirewallRequest): boolean {
  if (!isObject(statement)) throw new Error(`This is no statement of WAF: ${JSON.stringify(statement)}`);
  const [entry] = Object.entries(statement);
  const judge = kinds[entry?.[0] ?? ''];
  if (entry === undefined || judge === undefined) throw new Error(`No judge for ${JSON.stringify(statement)}`);
  return judge(entry[1], request);
}

const kinds: Readonly<Record<string, (statement: Json, request: FirewallRequest) => boolean>> = {
  AndStatement: (statement, request) => listAt(statement, 'Statements').every((each) => takes(each, request)),
  OrStatement: (statement, request) => listAt(statement, 'Statements').some((each) => takes(each, request)),
  NotStatement: (statement, request) => !takes(at(statement, 'Statement'), request),
  RegexMatchStatement: (statement, request) => {
    const text = part(at(statement, 'FieldToMatch'), request);
    return text !== undefined && new RegExp(textAt(statement, 'RegexString')).test(transformed(statement, text));
  },
  ByteMatchStatement: (statement, request) => {
    const text = part(at(statement, 'FieldToMatch'), request);
    if (at(statement, 'PositionalConstraint') !== 'STARTS_WITH') throw new Error('Only STARTS_WITH is known here.');
    return text?.startsWith(textAt(statement, 'SearchString')) ?? false;
  },
  SizeConstraintStatement: (statement, request) => {
    if (at(statement, 'FieldToMatch', 'Body') === undefined || at(statement, 'ComparisonOperator') !== 'GT')
      throw new Error('Only bodies that are larger are known here.');
    return request.bodyBytes > Number(at(statement, 'Size'));
  },
};

/** What is looked at. WAF takes a request that does not have it as one that does not match. */
function part(field: Json | undefined, request: FirewallRequest): string | undefined {
  if (at(field, 'UriPath') !== undefined) return request.path;
  if (at(field, 'Method') !== undefined) return request.method;
  const header = textAt(field, 'SingleHeader', 'Name');
  if (header === '') throw new Error(`No such part of a request is known here: ${JSON.stringify(field)}`);
  return request.headers[header.toLowerCase()];
}

const transformed = (statement: Json, text: string): string =>
  listAt(statement, 'TextTransformations').some((each) => at(each, 'Type') === 'LOWERCASE') ? text.toLowerCase() : text;
