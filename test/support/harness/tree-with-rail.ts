import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { check } from '../../../domain/check.ts';
import { productFolders, root } from '../tree.ts';

/**
 * A copy of the product's code with one more network: a folder of `rails/` and a row of the registry, and nothing else. The
 * network is the instant rail under another name, so the simulator plays it. Lies below the checkout, where packages are
 * found. Returns the copy's root.
 */
export async function treeWithRail(name: string): Promise<string> {
  const copy = join(root, '.test', `tree-with-${name}`);
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  for (const path of [...productFolders, 'simulator', 'package.json', 'tsconfig.json'])
    await cp(join(root, path), join(copy, path), { recursive: true, filter: (file) => !file.endsWith('.test.ts') });
  await cp(join(copy, 'rails/instant'), join(copy, 'rails', name), { recursive: true });
  await change(join(copy, 'rails', name, 'index.ts'), [
    ["name: 'instant'", `name: '${name}'`],
    ['export const instant ', `export const ${name} `],
  ]);
  await change(join(copy, 'rails/index.ts'), [
    ["import { instant } from './instant/index.ts';\n", `$&import { ${name} } from './${name}/index.ts';\n`],
    ['= [instant]', `= [instant, ${name}]`],
  ]);
  return copy;
}

/** Throws what the compiler says of a copy. */
export async function compile(copy: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', copy]);
}

async function change(file: string, replacements: [from: string, to: string][]): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [from, to] of replacements) {
    check(text.includes(from), `${file} has the text ${from}`);
    text = text.replace(from, to);
  }
  await writeFile(file, text);
}
