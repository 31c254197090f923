import { codeOf } from '../config/error-fields.ts';
import { ExplainedError, explainError, isOfTls } from '../config/explain-error.ts';

/** A fault of start that a person can correct: its message is a sentence that says what is wrong and what to do. */
export class StartFault extends ExplainedError {
  override readonly name = 'StartFault';
}

/** Prints one line to the terminal. */
export type Print = (line: string) => void;

/** What to do about a file system error, where a setting names the folder. */
const remedies = {
  EROFS: 'set LOCAL_DATA to a folder that can be written',
  EACCES: 'correct the rights, or set LOCAL_DATA to another folder',
  EPERM: 'correct the rights, or set LOCAL_DATA to another folder',
  ENOTDIR: 'set LOCAL_DATA to a folder',
};

/** One sentence for a fault of start. Null when it is none that a person can correct: then it is a bug. */
export const explainStartFault = (error: unknown): string | null => explainError(error, remedies);

/** What to do about a server that cannot be used, by its setting: one that refuses is running already. */
export function remedyForServer(error: unknown, setting: string): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const remedy = isOfTls(codeOf(first))
    ? `Correct its certificate, or the settings for TLS beside ${setting}`
    : 'Start it';
  return `${serverRemedies[codeOf(first)]?.(setting) ?? remedy}, or unset that setting to have one started here.`;
}

const serverRemedies: Record<string, (setting: string) => string> = {
  ENOTFOUND: (setting) => `Correct the host in ${setting}`,
  '28P01': (setting) => `Correct the password in ${setting}`,
  '28000': (setting) => `Correct the login in ${setting}`,
  '3D000': (setting) => `Make that database, or correct its name in ${setting}`,
  '5': () => 'Make that namespace, or correct TEMPORAL_NAMESPACE',
  '7': () => 'Correct TEMPORAL_API_KEY',
  '16': () => 'Correct TEMPORAL_API_KEY',
  NOAUTH: (setting) => `Put the password into ${setting}, as in redis://:password@host:6379`,
  WRONGPASS: (setting) => `Correct the password in ${setting}`,
  ERR: (setting) => `Correct ${setting}`,
  NOTREDIS: (setting) => `Correct the host and port in ${setting}`,
};
