import { StorageFault, type StorageFaultCode } from '../fault.ts';

const codes: Record<string, StorageFaultCode> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EMFILE: 'busy',
  ENFILE: 'busy',
  EBUSY: 'busy',
  ENOTDIR: 'unusable',
  ENAMETOOLONG: 'unusable',
  ELOOP: 'unusable',
};

/** The code of an error of the file system, or an empty string. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** Runs a call on files: an error with one of the codes becomes that value, any other a fault. */
export async function onFiles<T, E = never>(
  work: () => Promise<T>,
  expected: Readonly<Record<string, E>> = {},
): Promise<T | E> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageFault) throw error;
    const code = systemCode(error);
    const value = expected[code];
    if (value !== undefined) return value;
    throw new StorageFault(codes[code] ?? 'unknown', code || 'no code', { cause: error });
  }
}
