import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Statement, toStatements } from './statements.ts';

/** The roles that a header may name. `quittance_owner` is for what an operator runs; nobody but the owner may run it. */
const executors = ['quittance_owner', 'quittance_api', 'quittance_worker', 'quittance_reader'];

/**
 * A file of `ledger/**\/*.sql`: types, functions and trigger bindings of the database, with who may execute the functions.
 * `execute` is empty for inner functions, which only other functions call. `needs`: the sources that must be there first.
 */
export type Source = {
  path: string;
  hash: string;
  execute: string[];
  needs: string[];
  statements: Statement[];
};

/** Every source of the tree at `folder`, each after those that it needs. Throws a sentence when a header is wrong. */
export function readSources(folder: string): Source[] {
  const paths = globSync('ledger/**/*.sql', { cwd: folder }).sort();
  return sorted(paths.map((path) => toSource(path, readFileSync(join(folder, path), 'utf8'))));
}

/** Reads one source from its text. */
function toSource(path: string, text: string): Source {
  const [first = ''] = text.split('\n');
  const [, roles] = /^-- execute: (.+)$/.exec(first) ?? [];
  if (!roles) throw new Error(`${path}: its first line must say who may execute it, like "-- execute: nobody"`);
  const execute = roles === 'nobody' ? [] : named(roles);
  const strange = execute.filter((role) => !executors.includes(role));
  if (strange.length > 0) {
    throw new Error(`${path}: there is no role ${strange.join(', ')}; there are nobody, ${executors.join(', ')}`);
  }
  const needs = [...text.matchAll(/^-- needs: (.+)$/gm)].flatMap(([, list = '']) => named(list));
  const hash = createHash('sha256').update(text).digest('hex');
  return { path, hash, execute, needs, statements: toStatements(path, text) };
}

/** Sorts sources so that each stands after those that it needs. Throws on an unknown need, a cycle, or a name given twice. */
function sorted(sources: Source[]): Source[] {
  refuseTwins(sources);
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const ordered = new Set<Source>();
  const visit = (source: Source, way: string[]): void => {
    if (way.includes(source.path)) {
      throw new Error(
        `these sources need each other: ${[...way.slice(way.indexOf(source.path)), source.path].join(' → ')}`,
      );
    }
    if (ordered.has(source)) return;
    for (const path of source.needs) {
      const needed = byPath.get(path);
      if (!needed) throw new Error(`${source.path} needs ${path}, and there is no such source`);
      visit(needed, [...way, source.path]);
    }
    ordered.add(source);
  };
  for (const source of sources) visit(source, []);
  return [...ordered];
}

/** One name is one function: with an overload nobody could say which one a call means. */
function refuseTwins(sources: Source[]): void {
  const owners = new Map<string, string>();
  for (const { path, statements } of sources) {
    for (const statement of statements) {
      const object = statement.kind === 'trigger' ? `${statement.name} on ${statement.table}` : statement.name;
      const key = `${statement.kind} ${object}`;
      const other = owners.get(key);
      if (other) throw new Error(`${path}: the ${key} stands in ${other} already`);
      owners.set(key, path);
    }
  }
}

const named = (list: string): string[] => list.split(',').map((name) => name.trim());
