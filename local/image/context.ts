import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A line of a .dockerignore: what it matches is left out, or with `!` admitted again. The last line that matches decides. */
type Rule = { pattern: string; matches: RegExp; admits: boolean };

/** The rules of a .dockerignore. Forms whose meaning differs between readers (a leading slash, `..`, classes of characters) are thrown. */
export function readIgnoreFile(text: string): Rule[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const pattern = line.replace(/^!/, '');
      if (!/^[\w.*-]+(\/[\w.*-]+)*$/.test(pattern) || pattern.split('/').includes('..'))
        throw new Error(`\`${line}\` of .dockerignore is not understood: write a relative path, with * or **.`);
      return { pattern, matches: expressionOf(pattern), admits: line.startsWith('!') };
    });
}

/** As a build reads it: `*` is any part of one name, `**` any number of folders. Names that begin with a dot are no exception, as they are for a shell. */
function expressionOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*\/|\*\*|\*)/).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll('.', String.raw`\.`);
  });
  return new RegExp(`^${parts.join('')}$`);
}

/** Whether a file, by its path from the root, is sent to the build. A rule for a folder is one for all that is in it. */
export function isSent(path: string, rules: readonly Rule[]): boolean {
  const parts = path.split('/');
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  const last = rules.findLast(({ matches }) => paths.some((one) => matches.test(one)));
  return last === undefined || last.admits;
}

/** The files of a tree that are sent to the build, by their paths from its root, sorted. Links are not followed. */
export function sentFiles(root: string, rules: readonly Rule[]): string[] {
  const first = (path: string) => path.split('/')[0] ?? '';
  // A folder that nothing admits is not walked through: node_modules has 50,000 files.
  const tops = readdirSync(root).filter(
    (name) => isSent(name, rules) || rules.some(({ pattern, admits }) => admits && first(pattern) === name),
  );
  return tops
    .flatMap((top) => walk(root, top))
    .filter((path) => isSent(path, rules))
    .toSorted();
}

function walk(root: string, path: string): string[] {
  if (!lstatSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => walk(root, `${path}/${name}`));
}
