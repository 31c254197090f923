import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RailAttempt } from '../../domain/rail.ts';
import { isAbout, readAnswer, toBody } from './codec.ts';
import { meaningOf } from './codes.ts';

/** The messages as the bank documents them, read and written byte for byte. */
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'));
const answers = fixture('answers.json') as Record<string, { http: number; body: object }>;

const attempt: RailAttempt = {
  railKey: 'KEY1',
  amount: '1250',
  currency: 'USD',
  destination: { scheme: 'us_account', routingNumber: '021000021', accountNumber: '1', name: 'Ada' },
  createdAt: '2026-01-01T00:00:00Z',
};

test('a transfer', () => {
  expect(toBody(attempt)).toBe(JSON.stringify(fixture('transfer.json')));
});

test.each([
  ['accepted', 'accepted', 'accepted'],
  ['rejected', 'rejected', 'rejected'],
  ['pending', 'unknown', 'unknown'],
  ['not_taken', 'not_taken', 'unknown'],
  ['absent', 'unknown', 'absent'],
])('the answer %s means %s to a transfer and %s to an inquiry', (name, submit, inquire) => {
  const { http, body } = answers[name] ?? { http: 0, body: {} };
  const answer = readAnswer(JSON.stringify(body));
  if (typeof answer === 'string') throw new Error(`${name} is ${answer}`);
  expect(answer).toEqual(body);
  expect(isAbout(attempt, answer)).toBe(true);
  expect(isAbout({ ...attempt, railKey: 'KEY2' }, answer)).toBe(false);
  expect(meaningOf('submit', { ...answer, http }).outcome).toBe(submit);
  expect(meaningOf('inquire', { ...answer, http }).outcome).toBe(inquire);
});
