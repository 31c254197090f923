import { expect, test } from '@jest/globals';
import { answerOf, toStorageFault } from './faults.ts';

const answer = (status: number, name: string, message = '') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

/** What S3, and servers of its kind, say. Those that the real server of the tests says are in storage/faults.test.ts. */
test.each([
  [answer(503, 'SlowDown'), 'busy'],
  [answer(429, 'TooManyRequestsException'), 'busy'],
  [answer(500, 'InternalError'), 'unknown'],
  [answer(408, 'RequestTimeout'), 'unknown'],
  [answer(507, 'InsufficientStorage'), 'full'],
  [answer(400, 'QuotaExceeded'), 'full'],
  [answer(500, 'InternalError', 'write /data: no space left on device'), 'full'],
  [answer(400, 'BadDigest'), 'corrupt'],
  [answer(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration'), 'lock_refused'],
  [answer(501, 'NotImplemented'), 'lock_refused'],
  [answer(403, 'AccessDenied'), 'denied'],
  [answer(403, 'ExpiredToken'), 'denied'],
  [answer(404, 'NoSuchBucket'), 'unusable'],
  [answer(301, 'PermanentRedirect'), 'unusable'],
  [answer(400, 'AuthorizationHeaderMalformed'), 'unusable'],
  [Object.assign(new Error('no login'), { name: 'CredentialsProviderError' }), 'denied'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'unreachable'],
  [
    Object.assign(new Error('Socket timed out without establishing a connection'), { name: 'TimeoutError' }),
    'unreachable',
  ],
  [Object.assign(new Error('Request timed out'), { name: 'TimeoutError' }), 'unknown'],
  [Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'unknown'],
  [Object.assign(new Error('aborted'), { name: 'AbortError' }), 'unknown'],
  ['nonsense', 'unknown'],
  [null, 'unknown'],
])('%o is %s', (error, code) => {
  expect(toStorageFault(error)).toMatchObject({ name: 'StorageFault', code });
});

test('a fault shows the word of the store, and nothing else that it said', () => {
  const fault = toStorageFault(answer(403, 'AccessDenied', 'ada@example.com may not read key AKIA123'));
  expect(fault.message).toBe('the object store refuses our login (403 AccessDenied)');
});

test('what has no status is no answer', () => {
  expect(answerOf(Object.assign(new Error('x'), { $metadata: {} }))).toBeNull();
});
