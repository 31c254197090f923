import { createHash } from 'node:crypto';
import { files, read } from '../../test/support/tree.ts';

/** The hashes of all migrations: those already sealed stay as they are, new ones are added. A test compares them. */
export function sealedMigrations(sealed: string): string {
  const known: Record<string, string> = sealed === '' ? {} : JSON.parse(sealed);
  for (const file of files(/^drizzle\/migrations\/[^/]+\.sql$/)) {
    known[file] ??= createHash('sha256').update(read(file)).digest('hex');
  }
  return `${JSON.stringify(known, null, 2)}\n`;
}
