import { delimiter } from 'node:path';
import envPaths from 'env-paths';
import which from 'which';

/** Where built or downloaded programs are cached for this user, outside every checkout. */
export const cacheFolder = (): string => envPaths('quittance', { suffix: '' }).cache;

/** The full path of a program on PATH, or null. Programs of node_modules/.bin do not count: npm puts that folder first. */
export function findOnPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return which.sync(name, { nothrow: true, path: folders.join(delimiter) });
}
