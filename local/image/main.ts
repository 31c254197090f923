import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assemble } from './assemble.ts';
import { filesIn, type Share, sharesOf } from './files.ts';

/**
 * `npm run image -- [--keep <folder>] [--target amazon]`: assembles what the Dockerfile puts into the image, here and without a container engine, and prints
 * how many files and bytes each part has. What the base image brings is not counted. `--keep` leaves it in that folder, which is
 * new or empty.
 */
const { values } = parseArgs({ options: { keep: { type: 'string' }, target: { type: 'string' } } });
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'quittance-image-'));
try {
  const { root, workdir } = assemble({
    tree: join(import.meta.dirname, '../..'),
    folder,
    ...(values.target !== undefined && { target: values.target }),
  });
  const files = filesIn(join(root, workdir));
  print(sharesOf(files));
  process.stdout.write('\nThe ten largest packages:\n');
  print(
    sharesOf(files, { packages: true })
      .filter(({ of }) => of.startsWith('node_modules/'))
      .slice(0, 10),
  );
  if (values.keep !== undefined) process.stdout.write(`\nIt is in ${root}\n`);
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}

function print(shares: readonly Share[]): void {
  const sum = (of: (share: Share) => number) => shares.reduce((total, share) => total + of(share), 0);
  const total = { of: 'together', files: sum(({ files }) => files), bytes: sum(({ bytes }) => bytes) };
  for (const { of, files, bytes } of [...shares, total])
    process.stdout.write(
      `${of.padEnd(40)} ${String(files).padStart(7)} files ${(bytes / 1e6).toFixed(1).padStart(7)} MB\n`,
    );
}
