import { codeOf } from './error-fields.ts';

/** A fault that a person can correct: its message says in a sentence what is wrong and what to do. */
export class ExplainedError extends Error {
  override readonly name: string = 'ExplainedError';
}

/**
 * First line of a program: from here on, a start that fails for a reason that a person can correct ends it with one sentence
 * and exit code 1. Any other uncaught error is a bug, and ends it with its stack. A program that keeps running calls
 * the returned function once it has started: the same error an hour later is not a wrong setting, and ends it with an alarm.
 */
export function explainStartErrors(): (alarm: (error: unknown) => void) => void {
  const endStart = (error: unknown) => {
    process.stderr.write(`${explainError(error) ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(1);
  };
  process.once('uncaughtException', endStart);
  return (alarm) => {
    process.removeListener('uncaughtException', endStart);
    process.once('uncaughtException', (error) => {
      alarm(error);
      process.exit(1);
    });
  };
}

/**
 * The sentence for a fault that a person can correct: what is wrong, and the remedy. `remedies` replaces the default one by error code.
 * Null for any other error: that is a bug.
 */
export function explainError(error: unknown, remedies: Readonly<Record<string, string>> = {}): string | null {
  if (error instanceof ExplainedError) return error.message;
  if (error instanceof AggregateError) return explainError(error.errors[0], remedies);
  if (!(error instanceof Error)) return null;
  if (['SettingsMissing', 'PayloadKeyFault', 'PayloadUnreadable'].includes(error.name)) return error.message;
  if (error.name === 'TransportError') return explainTemporal(error.message);
  const { code = '', syscall = '', ...where }: SystemError = error;
  const untrusted = tlsReasons[code] ?? tlsMessages.find(([form]) => form.test(error.message))?.[1];
  if (untrusted)
    return `TLS with a server fails (${untrusted}): correct the host or sslrootcert in DATABASE_URL, or the server's certificate.`;
  const known = problems[`${syscall} ${code}`] ?? problems[code];
  if (known) return `${known.what(where)}: ${remedies[code] ?? known.remedy}.`;
  return error.cause === undefined ? null : explainError(error.cause, remedies);
}

/** Why a server cannot be used, in a few words: "connection refused", "no such host", else the message itself. */
export function unreachableReason(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const message = first instanceof Error ? (first.message.split('\n')[0] ?? '') : 'no answer';
  const byMessage = tlsMessages.find(([form]) => form.test(message))?.[1];
  return byMessage ?? reasons[codeOf(first)] ?? tlsReasons[codeOf(first)] ?? message;
}

/** For a person: what Temporal's own client says is an expression of its source. */
function explainTemporal(message: string): string {
  const [, reason, remedy] = temporalMessages.find(([form]) => form.test(message)) ?? ['', message, ''];
  return `Temporal at TEMPORAL_ADDRESS cannot be used: ${reason}${remedy && `: ${remedy}.`}`;
}

type SystemError = Error & { code?: string; syscall?: string; address?: string; port?: number; path?: string };
type Where = Pick<SystemError, 'address' | 'port' | 'path'>;

const problems: Record<string, { what: (where: Where) => string; remedy: string }> = {
  'listen EADDRINUSE': {
    what: (where) => `Port ${addressOf(where)} is taken by another program`,
    remedy: 'stop that, or set API_PORT, API_METRICS_PORT or WORKER_METRICS_PORT',
  },
  'listen EACCES': {
    what: (where) => `This user may not listen on ${addressOf(where)}`,
    remedy: 'set a port above 1023',
  },
  'listen EADDRNOTAVAIL': {
    what: (where) => `This machine has no address ${addressOf(where)}`,
    remedy: 'set API_HOST to one that it has',
  },
  'connect ECONNREFUSED': {
    what: (where) => `Nothing answers at ${addressOf(where)}`,
    remedy: 'start that server, or correct the setting with its address',
  },
  'connect ETIMEDOUT': {
    what: (where) => `No answer in time from ${addressOf(where)}`,
    remedy: 'start that server, or correct the setting with its address',
  },
  // Postgres' own codes: all programs log in to the server in DATABASE_URL.
  '3D000': { what: () => 'The server in DATABASE_URL has no such database', remedy: 'create it, or correct the name' },
  '28P01': { what: () => 'The server in DATABASE_URL says that the password is wrong', remedy: 'correct it' },
  '28000': { what: () => 'The server in DATABASE_URL refuses the login', remedy: 'correct it, or allow it there' },
  '57P03': { what: () => 'The server in DATABASE_URL is starting or stopping', remedy: 'try again in a moment' },
  '53300': {
    what: () => 'The server in DATABASE_URL has no connection left',
    remedy: 'close some, or raise max_connections there',
  },
  'getaddrinfo ENOTFOUND': { what: () => 'No such host', remedy: 'correct the setting with its address' },
  'getaddrinfo EAI_AGAIN': {
    what: () => 'The name of a host cannot be looked up now',
    remedy: 'try again, or correct the setting with its address',
  },
  ENOSPC: { what: (where) => `The disk is full${at(where)}`, remedy: 'make room, then start again' },
  EDQUOT: { what: (where) => `The disk quota is used up${at(where)}`, remedy: 'make room, then start again' },
  EROFS: { what: (where) => `The disk is read-only${at(where)}`, remedy: 'use a folder that can be written' },
  EACCES: { what: (where) => `This user may not write or enter${at(where)}`, remedy: 'correct the rights' },
  EPERM: { what: (where) => `This user may not do that${at(where)}`, remedy: 'correct the rights' },
  ENOTDIR: { what: (where) => `A file stands where a folder is needed${at(where)}`, remedy: 'use a folder' },
  EMFILE: { what: () => 'Too many open files', remedy: 'raise the limit (ulimit -n 4096), then start again' },
};

const addressOf = ({ address, port }: Where): string => `${address}:${port}`;
const at = ({ path }: Where): string => (path ? ` (${path})` : '');

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the connection was cut',
  '28P01': 'the password is wrong',
  '28000': 'the login was refused',
  '3D000': 'there is no such database',
  '5': 'there is no such namespace', // NOT_FOUND of gRPC: only Temporal answers so.
  '4': 'no answer in time', // DEADLINE_EXCEEDED of gRPC; it tries again until then.
  '7': 'it refuses our key', // PERMISSION_DENIED and UNAUTHENTICATED, the same.
  '16': 'it refuses our key',
  NOAUTH: 'it needs a password, and none is given',
  WRONGPASS: 'the password is wrong',
  NOTREDIS: 'the server there is not a Redis',
};

const untrusted = 'its certificate is signed by an authority that is not trusted here';
const expired = 'its certificate has expired';
const otherName = 'its certificate is for another name';
const noTls = 'it does not speak TLS there';
const onlyTls = 'it accepts only TLS';

/** Codes of Node's TLS. */
const tlsReasons: Record<string, string> = {
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

/** Whether an error with that code is one of TLS. */
export const isOfTls = (code: string): boolean => code in tlsReasons;

/** What Postgres' client and Postgres itself say of TLS without a code, or with one that has other causes too. */
const tlsMessages: readonly [RegExp, string][] = [
  [/does not support SSL connections/, noTls],
  [/no pg_hba\.conf entry for .* no encryption/, onlyTls],
];

/** What is in the messages of the client of Temporal's core, what it means, and what to do. */
const temporalMessages: readonly [RegExp, string, string][] = [
  [/InvalidCertificate\(Expired/, expired, 'renew it'],
  [/NotValidForName/, otherName, 'correct the host in TEMPORAL_ADDRESS, or set TEMPORAL_TLS_SERVER_NAME'],
  [/InvalidCertificate\(/, untrusted, 'set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate of that authority'],
  [/InvalidContentType|InvalidMessage/, noTls, 'correct TEMPORAL_ADDRESS, or take the settings for TLS away'],
  [
    /connection closed|broken ?pipe|fatal alert|connection ?reset|unexpected ?eof/i,
    'it ends the connection',
    'it may accept only TLS (TEMPORAL_TLS=true) or ask for a certificate (TEMPORAL_TLS_CLIENT_CERT_PATH)',
  ],
  [/unauthenticated|not have valid auth|permission denied/i, 'it refuses our key', 'correct TEMPORAL_API_KEY'],
  [/ConnectionRefused/, 'connection refused', 'start it, or correct TEMPORAL_ADDRESS'],
];
