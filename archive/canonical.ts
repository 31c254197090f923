import { createHash } from 'node:crypto';
import { check } from '../domain/check.ts';

/**
 * The text of RFC 8785: equal for equal values, in whatever sequence their members are written. Written here because every record passes through it, and
 * the package that statements are written with takes several times as long; a test compares the two. A Bug for what JSON has no form of.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value !== 'object' || value === null) return plainOf(value);
  if (Array.isArray(value)) return `[${value.map((member) => canonical(member)).join(',')}]`;
  check(isMembers(value), 'what is archived is a list or has members');
  let text = '';
  // The default sequence of texts is that of their code units, as it is asked for.
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${textOf(name)}:${canonical(member)}`;
  }
  return `{${text}}`;
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
