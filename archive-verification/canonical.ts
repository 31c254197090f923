import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/** The text of RFC 8785 of a value that came from JSON: members by their code units, numbers and texts as ECMAScript writes them. */
export function canonicalText(value: unknown): string {
  // What is in that sequence already, as everything that was read here, is written at once.
  if (typeof value !== 'object' || value === null || isInSequence(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member) => canonicalText(member)).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
}

/** The value of a canonical text; undefined when the bytes are no JSON, or JSON that is written otherwise. */
export function parseCanonical(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  const value = parseJson(text);
  return value !== undefined && canonicalText(value) === text ? value : undefined;
}

/** SHA-256 in hex. */
export const sha256Of = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

function isInSequence(value: object): boolean {
  if (Array.isArray(value)) return value.every(isPlainOrInSequence);
  let before = '';
  for (const name of Object.keys(value)) {
    if (name < before || !isPlainOrInSequence(Reflect.get(value, name))) return false;
    before = name;
  }
  return true;
}

const isPlainOrInSequence = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || isInSequence(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // What is wrong with it is of no use to the reader: it is not what was written.
  }
}
