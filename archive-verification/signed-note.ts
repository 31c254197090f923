import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** What a verifier pins: a name and a public key. `text` is the form in which keys are given, `<name>+<id>+<public key>`. */
export type VerifierKey = { text: string; name: string; id: string; publicKey: KeyObject };

/** A signature of a note: whose, by name and id in hex, and its bytes. */
export type Signature = { name: string; id: string; bytes: Buffer };

/** A text and who signed it (https://c2sp.org/signed-note). Nothing of it is believed yet. */
export type Note = { text: string; signatures: Signature[] };

/** The algorithm that the first byte of a public key names. */
const ed25519 = 1;
/** A byte for the algorithm, and 32 of the key. */
const keyBytes = 33;
/** So many of a hash identify a key. */
const idBytes = 4;
const keyForm = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/;
const signatureForm = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/;

/** The key of that text; null when it is none, is not one of Ed25519, or has an id of another key. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const [, name = '', id = '', base64 = ''] = keyForm.exec(text) ?? [];
  const bytes = bytesOf(base64);
  if (bytes === null || bytes.length !== keyBytes || bytes[0] !== ed25519) return null;
  if (
    createHash('sha256')
      .update(`${name}\n`)
      .update(bytes)
      .digest('hex')
      .slice(0, 2 * idBytes) !== id
  )
    return null;
  const x = bytes.subarray(1).toString('base64url');
  return { text, name, id, publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) };
}

/** The note of that text, or null. */
export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return null;
  const rows = note.slice(end + 2, -1).split('\n');
  const signatures = rows.flatMap((row) => parseSignature(row) ?? []);
  return signatures.length === rows.length ? { text: note.slice(0, end + 1), signatures } : null;
}

/** Whether that key made that signature of that text. */
export const isSignedBy = (text: string, { bytes }: Signature, { publicKey }: VerifierKey): boolean =>
  verify(null, Buffer.from(text), publicKey, bytes);

function parseSignature(row: string): Signature | null {
  const [, name = '', base64 = ''] = signatureForm.exec(row) ?? [];
  const bytes = bytesOf(base64);
  if (bytes === null || bytes.length <= idBytes) return null;
  return { name, id: bytes.subarray(0, idBytes).toString('hex'), bytes: bytes.subarray(idBytes) };
}

/** Null when the same bytes are written otherwise: a digit may have bits that are of no use, and one of them may have been changed. */
function bytesOf(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : null;
}

/** What a note says, whether or not its signatures stand below it. */
export const textOfNote = (note: string): string => {
  const end = note.lastIndexOf('\n\n');
  return end === -1 ? note : note.slice(0, end + 1);
};
