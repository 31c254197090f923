/** A fault that a person can mend: its message is one whole sentence that says what is wrong and what to do. */
export class StartFault extends Error {
  override readonly name = 'StartFault';
}

/** Says one line to the person at the terminal. */
export type Say = (line: string) => void;

const byCode: Record<string, (error: NodeJS.ErrnoException) => string> = {
  ENOSPC: (error) => `The disk is full${at(error)}: make room, then start again.`,
  EDQUOT: (error) => `The disk quota is used up${at(error)}: make room, then start again.`,
  EROFS: (error) => `The disk is read-only${at(error)}: set LOCAL_DATA to a folder that can be written.`,
  EACCES: (error) =>
    `This user may not write or enter${at(error)}: mend the rights, or set LOCAL_DATA to another folder.`,
  EPERM: (error) => `This user may not do that${at(error)}: mend the rights, or set LOCAL_DATA to another folder.`,
  ENOTDIR: (error) => `A file stands where a folder is needed${at(error)}: set LOCAL_DATA to a folder.`,
  EMFILE: () => 'Too many open files: raise the limit (ulimit -n 4096), then start again.',
};

/** One sentence for a fault of start: its own, or that of its system code. Null when it is none of these: then it is a bug. */
export function inWords(error: unknown): string | null {
  if (error instanceof StartFault) return error.message;
  if (!(error instanceof Error)) return null;
  const words = byCode[codeOf(error)];
  if (words) return words(error);
  return error.cause === undefined ? null : inWords(error.cause);
}

/** Why a server could not be reached, in a few words: "connection refused", "no such host", else the message itself. */
export function whyUnreachable(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return known[codeOf(first)] ?? (first instanceof Error ? (first.message.split('\n')[0] ?? '') : 'no answer');
}

/** What to do about a server of that setting, after {@link whyUnreachable}: one that answers "no" need not be started. */
export function mendUnreachable(error: unknown, setting: string): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return `${toMend[codeOf(first)]?.(setting) ?? 'Start it'}, or unset that setting to have one started here.`;
}

const known: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'the connection was cut',
  '28P01': 'the password is wrong',
  '28000': 'the login was refused',
  '3D000': 'there is no such database',
  '5': 'there is no such namespace', // NOT_FOUND of gRPC: only Temporal speaks so to us.
  NOAUTH: 'it wants a password, and none is given',
  WRONGPASS: 'the password is wrong',
  NOTREDIS: 'what answers there is not a Redis',
};

const toMend: Record<string, (setting: string) => string> = {
  ENOTFOUND: (setting) => `Mend the host in ${setting}`,
  '28P01': (setting) => `Mend the password in ${setting}`,
  '28000': (setting) => `Mend the login in ${setting}`,
  '3D000': (setting) => `Make that database, or mend its name in ${setting}`,
  '5': () => 'Make that namespace, or mend TEMPORAL_NAMESPACE',
  NOAUTH: (setting) => `Put the password into ${setting}, as in redis://:password@host:6379`,
  WRONGPASS: (setting) => `Mend the password in ${setting}`,
  ERR: (setting) => `Mend ${setting}`,
  NOTREDIS: (setting) => `Mend the host and port in ${setting}`,
};

/** The system's code of an error (ENOSPC), or an empty string. Not by `instanceof`: jest gives tests an Error of their own. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function at(error: NodeJS.ErrnoException): string {
  return error.path ? ` (${error.path})` : '';
}
