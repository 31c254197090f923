import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { isSignedBy, parseNote, parseVerifierKey } from '../archive-verification/signed-note.ts';
import { newArchiveKey } from '../operator/archive-key.ts';
import { type FakeKms, type KmsMood, startFakeKms } from '../test/support/servers/kms.ts';
import { KmsFault, kmsSigner } from './kms-signer.ts';
import { signedNote } from './signed-note.ts';
import { openSigners } from './signers.ts';

let kms: FakeKms;
beforeAll(async () => {
  kms = await startFakeKms();
});
beforeEach(() => {
  kms.mood = 'well';
  kms.calls.length = 0;
});
afterAll(() => kms.close());

const text = 'quittance.test/archive/1\n1\nAAAA\n';
/** Times that a test can wait for. */
const bounds = { connectMs: 2_000, callMs: 100 };

function isRight(note: string, key: string): boolean {
  const [parsed, verifier] = [parseNote(note), parseVerifierKey(key)];
  const signature = parsed?.signatures.find(({ id }) => id === verifier?.id);
  return Boolean(parsed && verifier && signature && isSignedBy(parsed.text, signature, verifier));
}

test('what KMS signs is a note that the other implementation verifies, and its public key is asked for once', async () => {
  const signer = await kmsSigner({ key: kms.addKey(), name: 'quittance', server: kms.server });
  for (let i = 0; i < 3; i += 1) expect(isRight(await signedNote(text, [signer]), signer.verifierKey)).toBe(true);
  expect(kms.calls).toEqual(['GetPublicKey', 'Sign', 'Sign', 'Sign']);
});

test('while keys change several sign: one in a file and one in KMS, then two in KMS', async () => {
  const [pem, first, second] = [newArchiveKey(), kms.addKey(), kms.addKey()];
  const both = await openSigners({ pem, kms: [first], name: 'quittance' }, kms.server);
  const later = await openSigners({ pem: null, kms: [first, second], name: 'quittance' }, kms.server);
  for (const signers of [both, later]) {
    const note = await signedNote(text, signers);
    expect(signers.map(({ verifierKey }) => isRight(note, verifierKey))).toEqual([true, true]);
  }
  expect(both[1]?.verifierKey).toBe(later[0]?.verifierKey);
  expect(new Set([...both, ...later].map(({ verifierKey }) => verifierKey)).size).toBe(3);
});

const moods: [KmsMood, RegExp][] = [
  ['slow', /KMS does not give a public key with arn:aws:kms:\S+ \(\w+/],
  ['refusing', /KMS does not give a public key .*AccessDeniedException/],
  ['broken', /KMS does not give a public key/],
];
test.each(moods)('a KMS that is %s at the start is a fault within its time', async (mood, form) => {
  const key = kms.addKey();
  kms.mood = mood;
  const failed = kmsSigner({ key, name: 'quittance', server: kms.server, bounds });
  await expect(failed).rejects.toThrow(form);
  await expect(failed).rejects.toBeInstanceOf(KmsFault);
  expect(kms.calls).toHaveLength(1);
});

test.each([
  ...(['slow', 'refusing', 'broken'] as const).map((mood) => [mood, /KMS does not sign with arn/] as const),
  ['other', /KMS does not sign .*it answered a signature that is not of this key/] as const,
])('a KMS that is %s when it signs is a fault, and the same signer signs when it is well', async (mood, form) => {
  const signer = await kmsSigner({ key: kms.addKey(), name: 'quittance', server: kms.server, bounds });
  kms.mood = mood;
  await expect(signedNote(text, [signer])).rejects.toThrow(form);
  kms.mood = 'well';
  expect(isRight(await signedNote(text, [signer]), signer.verifierKey)).toBe(true);
});

test('a key that there is not, and one of another algorithm, make no signer', async () => {
  const none = 'arn:aws:kms:eu-central-1:111122223333:key/none';
  await expect(kmsSigner({ key: none, name: 'a', server: kms.server })).rejects.toThrow('NotFoundException');
  const other = kmsSigner({ key: kms.addKey('p256'), name: 'a', server: kms.server });
  await expect(other).rejects.toThrow('it is a key of ECC_NIST_P256 and not of ECC_NIST_EDWARDS25519');
  await expect(kmsSigner({ key: kms.addKey(), name: 'a b', server: kms.server })).rejects.toThrow('the name');
});
