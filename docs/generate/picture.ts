import { cruise, type ICruiseResult } from 'dependency-cruiser';
import configuration from '../../.dependency-cruiser.ts';
import { exists, productFolders, root } from '../../test/support/tree.ts';

const folders = [...productFolders, 'simulator'];
const begin = '<!-- picture: made from the imports by `npm run generate` -->';
const end = '<!-- /picture -->';

/** The document with the dependency picture between its two marks drawn again from the imports in the code. */
export async function withPicture(document: string): Promise<string> {
  if (!document.includes(begin)) return document;
  const [before = ''] = document.split(begin);
  const [, after = ''] = document.split(end);
  return `${before}${begin}\n\n${await picture()}\n${end}${after}`;
}

/** Arrows between folders: whole for values, dotted where only types are imported. Tests are left out. */
async function picture(): Promise<string> {
  const present = folders.filter(exists);
  const { output } = await cruise(present, {
    ...configuration.options,
    baseDir: root,
    exclude: { path: '\\.test\\.ts$' },
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with text instead of modules');
  const arrows = edges(output);
  const alone = present.filter((folder) => ![...arrows.keys()].some((arrow) => arrow.split(' ').includes(folder)));
  const lines = [...arrows].sort().map(([arrow, isType]) => {
    const [from, to] = arrow.split(' ');
    return `  ${from} ${isType ? '-.->' : '-->'} ${to}`;
  });
  return ['```mermaid', 'flowchart TD', ...lines, ...alone.map((folder) => `  ${folder}`), '```', ''].join('\n');
}

/** `from to` → whether every import between them is of a type. */
function edges({ modules }: ICruiseResult): Map<string, boolean> {
  const found = new Map<string, boolean>();
  for (const { source, dependencies } of modules) {
    for (const { resolved, dependencyTypes } of dependencies) {
      const [from = '', to = ''] = [source, resolved].map((path) => path.split('/')[0]);
      if (from === to || !folders.includes(from) || !folders.includes(to)) continue;
      const isType = dependencyTypes.includes('type-only');
      found.set(`${from} ${to}`, isType && (found.get(`${from} ${to}`) ?? true));
    }
  }
  return found;
}
