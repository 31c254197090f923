import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifestForm = z.looseObject({ name: z.string(), version: z.string() });
const entryForm = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** A package as the lock file has it: what it must be (`integrity`, SHA-512 in base64), its licence, and what it needs. */
export type LockEntry = z.infer<typeof entryForm>;

/** The entries of a lock file, by their places: `node_modules/koa`, `node_modules/koa/node_modules/cookies`. */
export const readLock = (text: string): Readonly<Record<string, LockEntry>> =>
  z.looseObject({ packages: z.record(z.string(), entryForm) }).parse(JSON.parse(text)).packages;

/** A package that lies in a folder, by its place in it. */
export type Installed = { place: string; name: string; version: string };

/** Every package below `node_modules` of a folder, the nested ones too, by place. A folder without a package.json is none. */
export function installedIn(folder: string): Installed[] {
  return placesBelow(folder, '')
    .filter((place) => existsSync(join(folder, place, 'package.json')))
    .map((place) => {
      const { name, version } = manifestForm.parse(
        JSON.parse(readFileSync(join(folder, place, 'package.json'), 'utf8')),
      );
      return { place, name, version };
    })
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
}

function placesBelow(folder: string, above: string): string[] {
  const modules = above === '' ? 'node_modules' : `${above}/node_modules`;
  if (!existsSync(join(folder, modules))) return [];
  const names = readdirSync(join(folder, modules)).filter((name) => !name.startsWith('.'));
  const places = names.flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(folder, modules, name)).map((inner) => `${modules}/${name}/${inner}`)
      : [`${modules}/${name}`],
  );
  return places.flatMap((place) => [place, ...placesBelow(folder, place)]);
}

/** Where the package at `place` finds the one called `name`, as Node looks for it: in its own folder, then in each above. Null: nowhere. */
export function findFrom(place: string, name: string, has: (place: string) => boolean): string | null {
  for (let base = place; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    const found = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (has(found)) return found;
    if (base === '') return null;
  }
}

/** What a package needs, by places. What is optional and not there is left out. */
export const neededBy = (place: string, entry: LockEntry, has: (place: string) => boolean): string[] => {
  const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies });
  return [...new Set(names.flatMap((name) => findFrom(place, name, has) ?? []))].toSorted();
};
