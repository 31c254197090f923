import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { checkpointText } from './checkpoint.ts';
import { signedNote, textOfNote } from './signed-note.ts';
import { signersFrom } from './signer.ts';
import { append, emptyEdge, leafHash } from './tree.ts';

/** A private key by its 32 bytes, in the form of PKCS #8. */
const pemOf = (seed: Buffer): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]).toString('base64')}\n-----END PRIVATE KEY-----\n`;

/** The key, the text and the note in the documentation of golang.org/x/mod/sumdb/note. Its private key is a byte of the algorithm and the seed. */
const goKey = pemOf(Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1));
const goText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const goSignature =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const aKey = () =>
  generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });

test('a note and a verifier key have the bytes that another implementation makes', async () => {
  const signers = signersFrom(goKey, 'PeterNeumann');
  expect(signers.map(({ verifierKey }) => verifierKey)).toEqual([
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  ]);
  expect(await signedNote(goText, signers)).toBe(`${goText}\n${goSignature}`);
});

test('every key of a file signs the same text, and has its own verifier key', async () => {
  const [old, fresh] = [aKey(), aKey()];
  const signers = signersFrom(`${old.privateKey}\n# the next one\n${fresh.privateKey}`, 'quittance');
  const text = 'quittance.test/archive/1\n1\nAAAA\n';
  const rows = (await signedNote(text, signers)).slice(text.length).split('\n');
  expect(rows).toEqual(['', expect.stringMatching(/^— quittance /), expect.stringMatching(/^— quittance /), '']);
  for (const [i, { publicKey }] of [old, fresh].entries()) {
    const signed = Buffer.from(rows[i + 1]?.split(' ')[2] ?? '', 'base64');
    // Base64 may have a plus too.
    const [name, id, ...key] = signers[i]?.verifierKey.split('+') ?? [];
    expect([name, id]).toEqual(['quittance', signed.subarray(0, 4).toString('hex')]);
    expect(verify(null, Buffer.from(text), createPublicKey(publicKey), signed.subarray(4))).toBe(true);
    const jwk = createPublicKey(publicKey).export({ format: 'jwk' });
    expect(Buffer.from(key.join('+'), 'base64').subarray(1).toString('base64url')).toBe(jwk.x);
  }
});

test('the text of a note is found again, by any key that signed it', async () => {
  const text = checkpointText({ origin: 'quittance.test/archive', epoch: 2 }, append(emptyEdge, leafHash('')));
  expect(text).toBe('quittance.test/archive/2\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n');
  for (const { privateKey } of [aKey(), aKey()])
    expect(textOfNote(await signedNote(text, signersFrom(privateKey, 'a')))).toBe(text);
  expect(textOfNote(text)).toBeNull();
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

test.each([
  ['no key', '', 'a', 'and there are 0'],
  ['a public key', aKey().publicKey, 'a', 'and there are 0'],
  ['five keys', Array.from({ length: 5 }, () => aKey().privateKey).join(''), 'a', 'and there are 5'],
  ['a key of another algorithm', String(rsa), 'a', 'Ed25519'],
  ['a name with a space', aKey().privateKey, 'a b', 'the name'],
  ['a name with a plus', aKey().privateKey, 'a+b', 'the name'],
  ['no name', aKey().privateKey, '', 'the name'],
])('%s makes no signer', (_, pem, name, message) => {
  expect(() => signersFrom(pem, name)).toThrow(message);
});

test('a text that does not end its last row, or that nobody signs, makes no note', async () => {
  await expect(signedNote('a', signersFrom(goKey, 'a'))).rejects.toThrow('a note has');
  await expect(signedNote('a\n', [])).rejects.toThrow('a note has');
});
