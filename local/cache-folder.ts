import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where programs are kept that were built or downloaded for this user, outside every checkout, so that it is done once. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'quittance');
}
