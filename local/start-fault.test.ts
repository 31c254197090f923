import { expect, test } from '@jest/globals';
import { unreachableReason } from '../config/explain-error.ts';
import { explainStartFault, StartFault } from './start-fault.ts';

const fault = (code: string, path?: string) => Object.assign(new Error(code), { code, ...(path && { path }) });

test.each([
  [fault('ENOSPC', '/data/x'), 'The disk is full (/data/x): make room, then start again.'],
  [fault('EROFS'), 'The disk is read-only: set LOCAL_DATA to a folder that can be written.'],
  [new StartFault('One sentence.'), 'One sentence.'],
  [new Error('outer', { cause: fault('ENOSPC') }), 'The disk is full: make room, then start again.'],
  [new TypeError('a bug'), null],
])('explains %s in one sentence, and nothing about an unknown error', (error, sentence) => {
  expect(explainStartFault(error)).toBe(sentence);
});

test.each([
  [fault('ECONNREFUSED'), 'connection refused'],
  [new AggregateError([fault('ECONNREFUSED'), fault('ECONNREFUSED')]), 'connection refused'],
  [fault('28P01'), 'the password is wrong'],
])('says why a server cannot be reached: %s', (error, words) => {
  expect(unreachableReason(error)).toBe(words);
});
