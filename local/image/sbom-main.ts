import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { assemble } from './assemble.ts';
import { installedIn, readLock } from './packages.ts';
import { createSbom } from './sbom.ts';

/**
 * `npm run sbom -- [--out <file>]`: the bill of materials (CycloneDX, JSON) of the packages that the image has, to a file or to standard output. What the base image
 * brings, Node and Debian's packages, is in the one that the build of the image makes (docs/aws/images.md).
 */
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const tree = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'quittance-image-'));
try {
  const { root, workdir } = assemble({ tree, folder });
  const read = (file: string): string => readFileSync(join(tree, file), 'utf8');
  const { name, version } = z
    .looseObject({ name: z.string(), version: z.string() })
    .parse(JSON.parse(read('package.json')));
  const product = { name, version, at: new Date().toISOString() };
  const text = `${JSON.stringify(createSbom(installedIn(join(root, workdir)), readLock(read('package-lock.json')), product), null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else writeFileSync(values.out, text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
