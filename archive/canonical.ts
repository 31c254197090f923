import { createHash } from 'node:crypto';
import { check } from '../domain/check.ts';

/**
 * The text of RFC 8785: equal for equal values, in whatever sequence their members are written. Written here because every record passes through it, and
 * with the package that statements use the records of a segment take half as long again; a test compares the two. A Bug for what JSON has no form of.
 */
export function canonical(value: unknown): string {
  const pieces: string[] = [];
  write(value, pieces);
  // Joined once: a text that grows piece by piece is a tree in memory, and all of a segment's would be.
  return pieces.join('');
}

function write(value: unknown, pieces: string[]): void {
  if (typeof value === 'string') pieces.push(textOf(value));
  else if (typeof value !== 'object' || value === null) pieces.push(plainOf(value));
  else if (Array.isArray(value)) writeList(value, pieces);
  else if (isMembers(value)) writeMembers(value, pieces);
}

function writeList(list: readonly unknown[], pieces: string[]): void {
  let before = '[';
  for (const member of list) {
    pieces.push(before);
    write(member, pieces);
    before = ',';
  }
  pieces.push(before === '[' ? '[]' : ']');
}

function writeMembers(members: Members, pieces: string[]): void {
  let before = '{';
  // The default sequence of texts is that of their code units, as it is asked for.
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    pieces.push(before, textOf(name), ':');
    write(member, pieces);
    before = ',';
  }
  pieces.push(before === '{' ? '{}' : '}');
}

type Members = Readonly<Record<string, unknown>>;
const isMembers = (value: object): value is Members => !Array.isArray(value);

/** SHA-256 in hex, of bytes or of the UTF-8 of a text. */
export const sha256Of = (value: Uint8Array | string): string => createHash('sha256').update(value).digest('hex');

/** Nothing in it has to be written otherwise: as nearly all that is archived. */
const plainText = /^[ !#-[\]-~]*$/;

function textOf(text: string): string {
  if (plainText.test(text)) return `"${text}"`;
  check(text.isWellFormed(), 'what is archived is Unicode');
  return JSON.stringify(text);
}

function plainOf(value: unknown): string {
  check(
    value === null || typeof value === 'boolean' || Number.isFinite(value),
    'what is archived has a canonical form',
  );
  return JSON.stringify(value);
}
