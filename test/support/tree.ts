import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The repository as the rules see it: every file that is ours, by its path from the root. */
export const root = join(import.meta.dirname, '../..');

const notOurs = new Set(['node_modules', '.git', 'dist', 'coverage', '.local', '.test', 'cdk.out']);

/** The folders whose code runs in production, and the tools around them. */
export const productFolders = [
  'domain',
  'ledger',
  'rails',
  'workflows',
  'activities',
  'api',
  'worker',
  'codec-server',
  'operator',
  'cache',
  'storage',
  'statements',
  'archive',
  'archive-verification',
  'encryption',
  'drizzle',
  'config',
  'telemetry',
  'concurrency',
  'http-client',
];
export const toolFolders = ['simulator', 'local', 'bench', 'test', 'docs', 'infra'];

/** Every file of ours whose path matches, sorted. */
export function files(pattern: RegExp): string[] {
  return allFiles().filter((file) => pattern.test(file));
}

/** TypeScript of the folders, tests left out. Folders that do not exist yet give nothing. */
export function sources(folders: readonly string[] = [...productFolders, ...toolFolders]): string[] {
  return files(/\.ts$/).filter((file) => folders.includes(file.split('/')[0] ?? '') && !file.endsWith('.test.ts'));
}

/** The text of a file, read once. */
export function read(file: string): string {
  const text = texts.get(file) ?? readFileSync(join(root, file), 'utf8');
  texts.set(file, text);
  return text;
}

/** A file that only one test sees: its text is read as if it stood in the tree. A planted example proves that a rule bites. */
export function plant(file: string, text: string): string {
  texts.set(file, text);
  return file;
}

export const exists = (path: string): boolean => existsSync(join(root, path));

const texts = new Map<string, string>();
let found: string[] | undefined;

function allFiles(): string[] {
  found ??= walk(root).sort();
  return found;
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [relative(root, path)] : [];
  });
}
