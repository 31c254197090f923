import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { root } from '../support/tree.ts';
import type { Call } from './calls.ts';
import type { OpenRequest } from './open-story.ts';

/**
 * What is kept of a release: the calls that its programs make, the SQL of its `ledger/`, and its migrations by name (they
 * are never edited, so the tree still has them).
 */
export type Release = { calls: Call[]; sources: Record<string, string>; migrations: string[] };

/** What a release left open when its programs were stopped: the calls that left it so, the requests whose answers must stay, and where each transfer stood. */
export type OpenRecord = { calls: Call[]; requests: OpenRequest[]; transfers: Record<string, string> };

/** The name of the record of what is in the tree since the newest release. */
export const unreleasedRecord = 'next';

const journalFile = 'drizzle/migrations/meta/_journal.json';
const journal = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** The releases that are kept, by their versions. */
export const releases: string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

export const readRelease = (version: string): Release =>
  JSON.parse(readFileSync(join(import.meta.dirname, version, 'release.json'), 'utf8'));

export const readOpenRecord = (version: string): OpenRecord =>
  JSON.parse(readFileSync(join(import.meta.dirname, version, 'open.json'), 'utf8'));

/** The names of this tree's migrations, in order. */
export const migrationNames = (): string[] =>
  journal.parse(JSON.parse(readFileSync(join(root, journalFile), 'utf8'))).entries.map(({ tag }) => tag);

/** Writes the tree of a release as far as `migrate` reads it. Returns its folder, which the caller removes. */
export function writeTree({ sources, migrations }: Omit<Release, 'calls'>): string {
  const tree = mkdtempSync(join(tmpdir(), 'quittance-release-'));
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const all = journal.parse(JSON.parse(readFileSync(join(root, journalFile), 'utf8')));
  const entries = all.entries.filter(({ tag }) => migrations.includes(tag));
  mkdirSync(join(tree, dirname(journalFile)), { recursive: true });
  writeFileSync(join(tree, journalFile), JSON.stringify({ ...all, entries }));
  for (const tag of migrations) {
    cpSync(join(root, `drizzle/migrations/${tag}.sql`), join(tree, `drizzle/migrations/${tag}.sql`));
  }
  return tree;
}
