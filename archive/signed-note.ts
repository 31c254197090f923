import { check } from '../domain/check.ts';
import type { Signer } from './signer.ts';

/** A text with its signatures (https://c2sp.org/signed-note): text, an empty row, a row of each signer. Throws what a signer throws. */
export async function signedNote(text: string, signers: readonly Pick<Signer, 'sign'>[]): Promise<string> {
  check(text.endsWith('\n') && signers.length > 0, 'a note has a text of whole rows, and a signer');
  const rows = await Promise.all(signers.map((signer) => signer.sign(text)));
  return `${text}\n${rows.join('')}`;
}

/** The text that a note signs, or null when it is none. Says nothing about its signatures. */
export function textOfNote(note: string): string | null {
  const end = note.lastIndexOf('\n\n');
  return end === -1 ? null : note.slice(0, end + 1);
}
