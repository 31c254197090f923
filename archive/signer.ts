import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { check } from '../domain/check.ts';

/**
 * Signs notes. `verifierKey` (`<name>+<key id>+<public key>`) is what a verifier pins; `sign` answers the signature of a text as it stands
 * in a note, with its end of line. It throws when the key is with somebody who does not answer.
 */
export type Signer = { verifierKey: string; sign(text: string): Promise<string> };

/** While keys change there are two, or three. */
const signersMax = 4;
/** A name has neither a space nor a plus, which part it from what follows. */
const nameForm = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
const pemForm = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * A signer for each private key in a text of PEM, in its sequence: every one of them signs, so that who trusts one key learns of the next. Throws an
 * Error that says what is wrong with the text, never what is in it.
 */
export function signersFrom(pem: string, keyName: string): Signer[] {
  const keys = pem.match(pemForm) ?? [];
  if (keys.length === 0 || keys.length > signersMax)
    throw new Error(`1 to ${signersMax} private keys in PEM (PKCS #8) are needed, and there are ${keys.length}`);
  return keys.map((pemOfKey) => {
    const key = createPrivateKey(pemOfKey);
    return signerWith(createPublicKey(key), keyName, (text) => Promise.resolve(sign(null, text, key)));
  });
}

/** A signer whose private key is wherever `signature` asks it to sign. Throws an Error for a name or a key that no note can have. */
export function signerWith(
  publicKey: KeyObject,
  name: string,
  signature: (text: Buffer) => Promise<Uint8Array>,
): Signer {
  if (!nameForm.test(name)) throw new Error('the name of a signing key is letters, digits, dots, slashes and hyphens');
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new Error('a signing key is an Ed25519 key');
  const { x } = publicKey.export({ format: 'jwk' });
  check(x !== undefined, 'an Ed25519 key has a public key');
  const bytes = Buffer.concat([ed25519, Buffer.from(x, 'base64url')]);
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  return {
    verifierKey: `${name}+${id.toString('hex')}+${bytes.toString('base64')}`,
    sign: async (text) => `— ${name} ${Buffer.concat([id, await signature(Buffer.from(text))]).toString('base64')}\n`,
  };
}

/** Which algorithm the bytes after it belong to (https://c2sp.org/signed-note). */
const ed25519 = Buffer.of(1);
