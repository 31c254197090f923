import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { type FileClaim, readFileToken, signFile } from './file-token.ts';

const key = Buffer.alloc(32, 7);
const claim = (more: Partial<FileClaim> = {}): FileClaim => ({
  ...{ tenantId: randomUUID(), statementId: randomUUID(), format: 'csv', part: null, until: 1_000 },
  ...more,
});

test('a token says what it was made for, until its instant', () => {
  const made = claim({ part: 3 });
  const token = signFile(key, made);
  expect(readFileToken(key, token, 999)).toEqual(made);
  expect(readFileToken(key, token, 1_000)).toBeNull();
});

test('one with any character changed, one of another key, and one that was put together of two are none', () => {
  const [one, other] = [signFile(key, claim()), signFile(key, claim())];
  const changed = Array.from(
    one,
    (letter, at) => `${one.slice(0, at)}${letter === 'A' ? 'B' : 'A'}${one.slice(at + 1)}`,
  );
  const [payload, mac] = [one.split('.')[0], other.split('.')[1]];
  const none = [
    ...changed,
    ...[`${payload}.${mac}`, `${payload}.`, `${payload}`, `.${mac}`, '', '.', `${one}.`, `${one}.x`, ` ${one}`],
    signFile(Buffer.alloc(32, 8), claim()),
  ];
  expect(none.filter((token) => readFileToken(key, token, 0) !== null)).toEqual([]);
});
