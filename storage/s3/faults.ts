import { StorageFault, type StorageFaultCode } from '../fault.ts';

/** What S3 and servers of its kind call what went wrong, and what it means. */
const names: Record<string, StorageFaultCode> = {
  SlowDown: 'busy',
  ServiceUnavailable: 'busy',
  TooManyRequests: 'busy',
  ThrottlingException: 'busy',
  OperationAborted: 'busy',
  QuotaExceeded: 'full',
  InsufficientStorage: 'full',
  XMinioStorageFull: 'full',
  BadDigest: 'corrupt',
  InvalidDigest: 'corrupt',
  XAmzContentSHA256Mismatch: 'corrupt',
  XAmzContentChecksumMismatch: 'corrupt',
  ObjectLockConfigurationNotFoundError: 'lock_refused',
  InvalidBucketObjectLockConfiguration: 'lock_refused',
  InvalidRetentionPeriod: 'lock_refused',
  InvalidAccessKeyId: 'denied',
  XAdminUserNotFound: 'denied',
  CredentialsProviderError: 'denied',
  NoSuchBucket: 'unusable',
};

/** The same by status, for an answer without a name, as to HEAD, or with one that is not listed. */
const statuses: Record<number, StorageFaultCode> = {
  401: 'denied',
  403: 'denied',
  408: 'unknown',
  429: 'busy',
  501: 'lock_refused',
  503: 'busy',
  507: 'full',
};

/** Codes of the system that say that there was never a connection. */
const notConnected = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** An answer of S3 that is no success. */
export type S3Answer = { name: string; status: number; message: string };

/** What the client threw, if S3 answered; null for anything else. Read by shape: jest has another Error class. */
export function answerOf(error: unknown): S3Answer | null {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return null;
  const { $metadata: metadata, name = '', message = '' } = error as Answered; // oxlint-disable-line typescript/no-unsafe-type-assertion
  const status = metadata?.httpStatusCode ?? 0;
  return status === 0 ? null : { name: String(name), status, message: String(message) };
}

type Answered = { $metadata?: { httpStatusCode?: number }; name?: unknown; message?: unknown };

/** The fault that an error of the client is. What has no decisive answer is `unknown`. */
export function toStorageFault(error: unknown): StorageFault {
  const answer = answerOf(error);
  if (answer === null) return withoutAnswer(error);
  const { name, status, message } = answer;
  // S3 says InvalidRequest of a bucket without the lock, and names it in the text only.
  if (status < 500 && /object ?lock|retention/i.test(message)) return fault('lock_refused', answer, error);
  if (/no space left|quota exceeded/i.test(message)) return fault('full', answer, error);
  const code = names[name] ?? statuses[status] ?? (status < 500 ? 'unusable' : 'unknown');
  return fault(code, answer, error);
}

const fault = (code: StorageFaultCode, { name, status }: S3Answer, cause: unknown): StorageFault =>
  new StorageFault(code, `${status} ${name}`, { cause });

function withoutAnswer(error: unknown): StorageFault {
  const { code, name, message } = fieldsOf(error);
  const isLate = name === 'TimeoutError' && /establish/i.test(message);
  // In the text too: the client puts an error of another realm into one of its own, without its code.
  const isRefused = notConnected.some((one) => one === code || message.includes(one));
  if (names[name] !== undefined) return new StorageFault(names[name], name, { cause: error });
  if (isRefused || isLate) return new StorageFault('unreachable', code || name, { cause: error });
  return new StorageFault('unknown', code || name || 'no answer', { cause: error });
}

function fieldsOf(error: unknown): Record<'code' | 'name' | 'message', string> {
  const field = (name: string): string =>
    typeof error === 'object' && error !== null ? String(Reflect.get(error, name) ?? '') : '';
  return { code: field('code'), name: field('name'), message: field('message') };
}
