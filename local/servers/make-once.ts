import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { identityOf } from '../process-identity.ts';

/** Deletes the drafts of `path` (`path.<pid>`) that a start left which was killed while it made them. */
export function removeAbandoned(path: string): void {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const drafts = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(prefix)) : [];
  for (const name of drafts) {
    const pid = name.slice(prefix.length);
    if (/^\d+$/.test(pid) && !identityOf(Number(pid))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
