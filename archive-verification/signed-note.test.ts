import { expect, test } from '@jest/globals';
import { signedNote } from '../archive/signed-note.ts';
import { aSigner } from '../test/support/fixtures/made-archive.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { isSignedBy, parseNote, parseVerifierKey } from './signed-note.ts';

/** The example of Go's own package. */
const peter = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const note = [
  'If you think cryptography is the answer to your problem,',
  "then you don't know what your problem is.",
  '',
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
  '',
].join('\n');

function isRight(text: string, key: string): boolean {
  const [parsed, verifier] = [parseNote(text), parseVerifierKey(key)];
  const signature = parsed?.signatures.find(({ id }) => id === verifier?.id);
  return Boolean(parsed && verifier && signature && isSignedBy(parsed.text, signature, verifier));
}

test("the note of Go's example was signed by its key, and what our archive signs by ours", async () => {
  expect(isRight(note, peter)).toBe(true);
  const signers = [aSigner(), aSigner('another')];
  const own = await signedNote('a\n\nb\n', signers);
  for (const { verifierKey } of signers) expect(isRight(own, verifierKey)).toBe(true);
  expect(isRight(own, aSigner().verifierKey)).toBe(false);
});

test.each([
  ['another text', note.replace('cryptography', 'Cryptography')],
  ['another signature', note.replace('x08go/Z', 'x08go/Y')],
  ['a signature whose unused bits are set', note.replace('JnAM=', 'JnAN=')],
  ['no signature', `${note.split('\n\n')[0]}\n\n`],
  ['no empty row', note.replace('\n\n', '\n')],
  ['something behind it', `${note}x`],
  ['another mark', note.replace('—', '-')],
])('a note with %s is none, or not signed', (_, text) => {
  expect(isRight(text, peter)).toBe(false);
});

test.each([
  ['of another name', peter.replace('Peter', 'Petra')],
  ['with another id', peter.replace('c74f20a3', 'c74f20a4')],
  ['of another algorithm', peter.replace('+ARp', '+AhB')],
  ['that is too short', peter.slice(0, -4)],
  ['that is none', 'a+b'],
])('a key %s is refused', (_, text) => {
  expect(parseVerifierKey(text)).toBeNull();
});

const root = Buffer.alloc(32, 7).toString('base64');

test('a checkpoint says which tree, its size and its root', () => {
  expect(parseCheckpoint(`a.example/b/2\n17\n${root}\n`)).toEqual({
    ...{ origin: 'a.example/b', epoch: 2, size: 17 },
    root: '07'.repeat(32),
  });
});

test.each([
  `a.example/b\n17\n${root}\n`,
  `a/1\n017\n${root}\n`,
  `a/1\n17\n${root.slice(4)}\n`,
  `a/1\n17\n${root}\nmore\n`,
])('a text of another form is no checkpoint: %j', (text) => {
  expect(parseCheckpoint(text)).toBeNull();
});
