import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { synthesised } from '../requirements/synthesised.ts';
import { readAssemblies } from './assembly.ts';
import { documents } from './documents.ts';
import { snapshotOf } from './snapshot.ts';
import { statefulOf } from './stateful.ts';

/** Files in the repository that are made from an assembly, by their path from the root. */
export type KeptFiles = Record<string, string>;

const root = join(import.meta.dirname, '../..');

/** Everything that is made from an assembly and reviewed in the repository: snapshots, the list of what is stateful, docs/aws. */
export function keptFiles(folder: string): KeptFiles {
  const views = readAssemblies(folder).map(synthesised);
  return {
    ...Object.fromEntries(
      views.flatMap((view) => [
        ...Object.keys(view.stacks).map((stack) => [
          `infra/snapshots/${view.environment.name}/${stack}.txt`,
          snapshotOf(view, stack),
        ]),
        [`infra/snapshots/${view.environment.name}/stateful.txt`, statefulOf(view)],
      ]),
    ),
    ...documents(views, folder),
  };
}

/** The kept files that differ from what is made now, and those that nothing makes any longer. */
export function staleFiles(made: KeptFiles): string[] {
  const differing = Object.keys(made).filter((path) => current(path) !== made[path]);
  const orphans = folders.flatMap(filesIn).filter((path) => made[path] === undefined);
  return [...differing, ...orphans];
}

/** Writes them, and deletes what nothing makes any longer. Returns the paths. */
export function writeKeptFiles(made: KeptFiles): string[] {
  const stale = staleFiles(made);
  for (const path of stale) {
    const text = made[path];
    if (text === undefined) rmSync(join(root, path));
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }
  return stale;
}

const folders = ['development', 'staging', 'production'].map((name) => `infra/snapshots/${name}`);

const current = (path: string): string => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');

const filesIn = (folder: string): string[] =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];
